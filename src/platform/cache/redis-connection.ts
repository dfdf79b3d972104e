import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Redis } from 'ioredis';

import { CacheConfig } from '../../config/config.slices.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';

/** A cache that is slower than this is worth less than what it saves. */
const COMMAND_DEADLINE_MS = 250;
const CONNECT_DEADLINE_MS = 2000;
const FIRST_CONNECT_PATIENCE_MS = 1000;
const PROBE_INTERVAL_MS = 1000;
const MAX_RECONNECT_WAIT_MS = 1000;

/** Redis is not there, or does not answer in time: go on without it. */
export class RedisDownError extends Error {}

const within = async <T>(deadlineMs: number, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new RedisDownError(`no answer within ${String(deadlineMs)} ms`));
    }, deadlineMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

const connect = (url: string): Redis =>
  new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_DEADLINE_MS,
    commandTimeout: COMMAND_DEADLINE_MS,
    disconnectTimeout: COMMAND_DEADLINE_MS,
    retryStrategy: (times) => Math.min(100 * times, MAX_RECONNECT_WAIT_MS),
  });

/**
 * The one connection to Redis, for the cache and for shared limits. Nobody waits for it: while it is down, `run`
 * rejects at once. That it went down, or is back, is said once.
 */
@Injectable()
export class RedisConnection implements OnModuleInit {
  private readonly logger = new Logger(RedisConnection.name);
  private readonly restorers: (() => Promise<void>)[] = [];
  private readonly address: string;
  private up = false;
  private told = false;
  private probing: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** Undefined when no Redis is configured. Commands sent here directly must bring their own deadline. */
  readonly client: Redis | undefined;

  constructor(@Inject(CacheConfig) { redisUrl }: CacheConfig, lifecycle: Lifecycle) {
    this.client = redisUrl === undefined ? undefined : connect(redisUrl);
    this.address = redisUrl === undefined ? '' : new URL(redisUrl).host;
    lifecycle.onDrain('cache', 'redis', () => this.close());
  }

  get isConfigured(): boolean {
    return this.client !== undefined;
  }

  get isUp(): boolean {
    return this.up;
  }

  /** One sentence for people, or undefined when nothing is wrong. */
  get trouble(): string | undefined {
    return this.client === undefined || this.up
      ? undefined
      : `Redis cannot be reached at ${this.address}: the cache and the limits are kept in this process alone.`;
  }

  /** Runs before Redis is used again after it was away, and now and then while it is there. */
  onRestored(run: () => Promise<void>): void {
    this.restorers.push(run);
  }

  async onModuleInit(): Promise<void> {
    const { client } = this;
    if (client === undefined) return;
    // Without a listener an error of the connection would end the process; what it means is told by `fell`.
    client.on('error', () => undefined);
    client.on('close', () => {
      this.fell();
    });
    client.on('ready', () => void this.probe());
    this.timer = setInterval(() => void this.probe(), PROBE_INTERVAL_MS);
    this.timer.unref();
    await within(
      FIRST_CONNECT_PATIENCE_MS,
      client.connect().then(() => this.probe()),
    ).catch(() => undefined);
    if (!this.up) this.fell();
  }

  /** Rejects with `RedisDownError` when Redis is away or does not answer in time. */
  async run<T>(command: (client: Redis) => Promise<T>): Promise<T> {
    if (this.client === undefined || !this.up) throw new RedisDownError('Redis is away.');
    return this.attempt(this.client, command);
  }

  /** Asks Redis whether it answers, and takes it into use again when it does. */
  probe(): Promise<void> {
    this.probing ??= this.ask().finally(() => {
      this.probing = undefined;
    });
    return this.probing;
  }

  private async attempt<T>(client: Redis, command: (client: Redis) => Promise<T>): Promise<T> {
    try {
      return await within(COMMAND_DEADLINE_MS, command(client));
    } catch (error) {
      this.fell();
      throw new RedisDownError('Redis did not answer.', { cause: error });
    }
  }

  private async ask(): Promise<void> {
    const { client } = this;
    if (client?.status !== 'ready') return;
    try {
      await this.attempt(client, (redis) => redis.ping());
      for (const restore of this.restorers) await restore();
      if (this.up) return;
      this.up = true;
      if (this.told) this.logger.log(`Redis is back at ${this.address}: the cache and the limits are shared again.`);
      this.told = false;
    } catch {
      // `attempt` has told it.
    }
  }

  private fell(): void {
    this.up = false;
    if (this.told || this.timer === undefined) return;
    this.told = true;
    this.logger.warn(this.trouble ?? '');
  }

  private close(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    this.up = false;
    this.client?.disconnect();
    return Promise.resolve();
  }
}
