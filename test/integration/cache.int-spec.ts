import { setTimeout as sleep } from 'node:timers/promises';

import { type DynamicModule, Global, Logger, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { Redis } from 'ioredis';

import { CacheConfig } from '../../src/config/config.slices.js';
import { CacheModule } from '../../src/platform/cache/cache.module.js';
import { Cache } from '../../src/platform/cache/cache.service.js';
import { RedisConnection } from '../../src/platform/cache/redis-connection.js';
import { Lifecycle } from '../../src/platform/lifecycle/lifecycle.js';
import { freePort, hasRedisServer, RedisServer } from '../support/redis-server.js';

@Global()
@Module({})
class GivenConfig {
  static with(redisUrl: string | undefined): DynamicModule {
    return {
      module: GivenConfig,
      providers: [{ provide: CacheConfig, useValue: { redisUrl } }, Lifecycle],
      exports: [CacheConfig, Lifecycle],
    };
  }
}

const said: string[] = [];
const listen = (message: unknown): void => void said.push(String(message));

const start = async (redisUrl?: string): Promise<TestingModule> => {
  const ref = await Test.createTestingModule({
    imports: [GivenConfig.with(redisUrl), CacheModule],
  }).compile();
  Logger.overrideLogger({ log: listen, warn: listen, error: listen });
  await ref.init();
  return ref;
};

const until = async (condition: () => boolean | Promise<boolean>, withinMs = 5000): Promise<void> => {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('did not come true in time');
    await sleep(20);
  }
};

beforeEach(() => {
  said.length = 0;
});

afterAll(() => {
  Logger.overrideLogger(false);
});

describe('the cache without Redis', () => {
  it('keeps a value until its time is over', async () => {
    const ref = await start();
    const cache = ref.get(Cache);
    await cache.set('whatsapp:qr', { qr: 'x' }, 60);
    expect(await cache.get('whatsapp:qr')).toEqual({ qr: 'x' });
    await sleep(80);
    expect(await cache.get('whatsapp:qr')).toBeUndefined();
    await cache.set('a', 1, 1000);
    await cache.delete('a');
    expect(await cache.get('a')).toBeUndefined();
    expect(ref.get(RedisConnection).trouble).toBeUndefined();
    await ref.close();
  });

  it('forgets the oldest rather than growing for ever', async () => {
    const ref = await start();
    const cache = ref.get(Cache);
    for (let i = 0; i <= 10_000; i += 1) await cache.set(`k${String(i)}`, i, 60_000);
    expect(await cache.get('k0')).toBeUndefined();
    expect(await cache.get('k10000')).toBe(10_000);
    await ref.close();
  });
});

(hasRedisServer() ? describe : describe.skip)('the cache on Redis (skipped: no redis-server here)', () => {
  let server: RedisServer;
  let ref: TestingModule;
  let cache: Cache;
  let redis: RedisConnection;
  let eye: Redis;

  beforeEach(async () => {
    server = await RedisServer.start();
    ref = await start(server.url);
    cache = ref.get(Cache);
    redis = ref.get(RedisConnection);
    eye = new Redis(server.url, { retryStrategy: () => 50, maxRetriesPerRequest: null, disconnectTimeout: 100 });
    eye.on('error', () => undefined);
  });

  afterEach(async () => {
    server.resume();
    eye.disconnect();
    await ref.close();
    await server.kill();
  });

  it('writes under the prefix `cache:` with the time to live, and reads it back', async () => {
    await cache.set('whatsapp:qr', { qr: '2@abc', at: 5 }, 60_000);
    expect(await eye.keys('*')).toEqual(['cache:whatsapp:qr']);
    expect(await eye.pttl('cache:whatsapp:qr')).toBeGreaterThan(59_000);
    expect(await cache.get('whatsapp:qr')).toEqual({ qr: '2@abc', at: 5 });
    expect(said).toEqual([]);
  });

  it('gives a text back as a text, whatever it begins with', async () => {
    const texts = ['_function_x|() => 1', '_date_2020-01-01T00:00:00.000Z', ':base64:aGk=', '_undefined_', '\u0000'];
    for (const text of texts) {
      await cache.set('text', { text }, 1000);
      expect(await cache.get('text')).toEqual({ text });
    }
  });

  it('F9 goes on with its own copy when Redis is killed, says so once, and uses it again', async () => {
    await cache.set('qr', 'old', 60_000);
    await server.kill();
    await until(() => !redis.isUp);
    const started = performance.now();
    await cache.set('qr', 'new', 60_000);
    expect(await cache.get('qr')).toBe('new');
    await cache.delete('gone');
    expect(performance.now() - started).toBeLessThan(300);
    expect(redis.trouble).toContain(`127.0.0.1:${String(server.port)}`);

    await server.restart();
    await until(() => redis.isUp);
    expect(await eye.get('cache:qr')).toContain('new');
    expect(await cache.get('qr')).toBe('new');
    expect(said).toEqual([
      expect.stringMatching(/^Redis cannot be reached at 127\.0\.0\.1:\d+: the cache and the limits/),
      expect.stringMatching(/^Redis is back at /),
    ]);
  });

  it('F9 waits no longer than a moment for a Redis that hangs, and never shows an old value afterwards', async () => {
    await cache.set('qr', 'old', 60_000);
    await cache.set('dead', 'old', 60_000);
    server.pause();
    const started = performance.now();
    await cache.set('qr', 'new', 60_000);
    expect(performance.now() - started).toBeLessThan(400);
    await cache.delete('dead');
    expect(await cache.get('qr')).toBe('new');
    expect(await cache.get('dead')).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(500);
    server.resume();
    await until(() => redis.isUp);
    expect(await cache.get('qr')).toBe('new');
    expect(await cache.get('dead')).toBeUndefined();
    await until(async () => (await eye.get('cache:dead')) === null);
    expect(await eye.get('cache:qr')).toContain('new');
    expect(said).toHaveLength(2);
  });

  it('F9 notices a Redis that hangs while nobody uses it', async () => {
    server.pause();
    await until(() => redis.trouble !== undefined, 3000);
    expect(said).toHaveLength(1);
  });

  it('F9 survives FLUSHALL: what was there is forgotten, what comes is kept', async () => {
    await cache.set('a', 1, 60_000);
    await eye.flushall();
    expect(await cache.get('a')).toBeUndefined();
    await cache.set('a', 2, 60_000);
    expect(await cache.get('a')).toBe(2);
  });

  it('starts without Redis, and takes it into use when it comes', async () => {
    const port = await freePort();
    const started = performance.now();
    const lonely = await start(`redis://:pa55word@127.0.0.1:${String(port)}/0`);
    expect(performance.now() - started).toBeLessThan(2000);
    await lonely.get(Cache).set('a', 1, 60_000);
    expect(await lonely.get(Cache).get('a')).toBe(1);
    expect(said.join('')).toContain(`127.0.0.1:${String(port)}`);
    expect(said.join('')).not.toContain('pa55word');
    await lonely.close();
  });
});
