import { rm } from 'node:fs/promises';

import pg from 'pg';

import { HealthIndicators } from '../../src/platform/health/health-indicators.js';
import { Lifecycle } from '../../src/platform/lifecycle/lifecycle.js';
import { eventuallyPasses } from '../support/eventually.js';
import { freePort, hasRedisServer, RedisServer } from '../support/redis-server.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

interface Health {
  readonly status: string;
  readonly problems: readonly { readonly component: string; readonly sentence: string }[];
  readonly checks?: readonly { readonly component: string; readonly well: boolean; readonly detail: object }[];
}

/** Chromium is not the matter of these tests, and may be missing where they run: any program will do. */
const WELL = { PUPPETEER_EXECUTABLE_PATH: process.execPath, CHROMIUM_SANDBOX: 'false' };

const withApp = async (
  options: Parameters<typeof createTestApp>[0],
  run: (test: TestApp) => Promise<void>,
): Promise<void> => {
  const test = await createTestApp({ ...options, env: { ...WELL, ...options?.env } });
  try {
    await run(test);
  } finally {
    await test.close();
  }
};

describe('health', () => {
  let test: TestApp;

  beforeAll(async () => {
    test = await createTestApp({ env: WELL });
  });

  afterAll(() => test.close());

  it('says to anybody that the process answers and can take requests', async () => {
    expect(await test.client.get('/health/live')).toMatchObject({ status: 200, body: { status: 'live' } });
    for (const path of ['/health/ready', '/health']) {
      expect(await test.client.get(path)).toMatchObject({ status: 200, body: { status: 'ready', problems: [] } });
    }
  });

  it('L6 shows the components to those who hold monitoring:read, and to nobody else', async () => {
    for (const role of ['ADMIN', 'VIEWER'] as const) {
      const { body } = await (await test.as(role)).get<Health>('/health/ready');
      const names = body.checks?.map(({ component }) => component);
      expect(names).toEqual(expect.arrayContaining(['process', 'database', 'disk']));
    }
    for (const client of [test.client, test.client.withToken('not-a-token'), await test.as('OPERATOR')]) {
      const { body } = await client.get<Health>('/health/ready');
      expect(body).not.toHaveProperty('checks');
    }
  });

  it('goes on with less when a component fails that is not critical, and says which', async () => {
    const indicators = test.app.get(HealthIndicators);
    indicators.register('oracle', {
      critical: false,
      check: () => ({ isWell: false, sentence: 'The oracle is mute.' }),
    });
    await eventuallyPasses(async () => {
      expect(await test.client.get('/health/ready')).toMatchObject({
        status: 200,
        body: { status: 'degraded', problems: [{ component: 'oracle', sentence: 'The oracle is mute.' }] },
      });
    });
    indicators.register('oracle', { critical: true, check: () => Promise.reject(new Error('secret inside')) });
    await eventuallyPasses(async () => {
      const answer = await test.client.get('/health/ready');
      expect(answer).toMatchObject({ status: 503, body: { status: 'not-ready' } });
      expect(answer.text).not.toContain('secret inside');
    });
    indicators.register('oracle', { critical: true, check: () => ({ isWell: true }) });
  });

  it('B4 is not ready when the database runs without synchronous_commit', async () => {
    await withApp({}, async (test) => {
      const name = new URL(test.database.url).pathname.slice(1);
      await test.query(`ALTER DATABASE ${name} SET synchronous_commit = off`);
      // Connections that are open keep what they were opened with.
      const application = new pg.Client({ connectionString: test.database.url });
      await application.connect();
      await application.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND pid <> pg_backend_pid()`,
      );
      await application.end();
      await eventuallyPasses(async () => {
        const { status, body } = await test.client.get<Health>('/health/ready');
        expect(status).toBe(503);
        expect(body.problems.map(({ sentence }) => sentence).join()).toContain('synchronous_commit = off');
      });
    });
  });

  it('S0.1 names a Chromium that is missing in one sentence, and goes on', async () => {
    await withApp({ env: { PUPPETEER_EXECUTABLE_PATH: '/nowhere/chromium' } }, async ({ client }) => {
      expect(await client.get('/health/ready')).toMatchObject({
        status: 200,
        body: {
          status: 'degraded',
          problems: [
            { component: 'web engine', sentence: expect.stringContaining('no Chromium at /nowhere/chromium') },
          ],
        },
      });
    });
  });

  it('F22 says when the data directory cannot be written', async () => {
    await withApp({}, async ({ dataDir, client }) => {
      await rm(dataDir, { recursive: true, force: true });
      await eventuallyPasses(async () => {
        expect(await client.get('/health/ready')).toMatchObject({
          status: 200,
          body: { status: 'degraded', problems: [{ component: 'disk', sentence: expect.any(String) }] },
        });
      });
    });
  });

  it('F4 is not ready while it drains, and begins nothing new', async () => {
    await withApp({}, async ({ app, client }) => {
      let release: () => void = () => undefined;
      app.get(Lifecycle).onDrain('intake', 'test', () => new Promise((resolve) => (release = resolve)));
      const drained = app.get(Lifecycle).drain();
      await eventuallyPasses(async () => {
        expect(await client.get('/health/ready')).toMatchObject({
          status: 503,
          body: { problems: [{ component: 'process', sentence: 'The process is shutting down.' }] },
        });
      });
      expect(await client.get('/health/live')).toMatchObject({ status: 200 });
      const refused = await client.post('/v1/auth/login', {
        email: 'a@example.org',
        password: 'a plain long passphrase',
      });
      expect(refused).toMatchObject({ status: 503, body: { code: 'shutting-down' } });
      expect(refused.headers.get('retry-after')).toBe('2');
      release();
      await drained;
    });
  });
});

(hasRedisServer() ? describe : describe.skip)('health with Redis (skipped: no redis-server here)', () => {
  it('F9 is degraded, not down, while Redis is away, and says what that means', async () => {
    const server = await RedisServer.start();
    await withApp({ env: { REDIS_URL: server.url } }, async ({ client }) => {
      expect(await client.get('/health/ready')).toMatchObject({ status: 200, body: { status: 'ready' } });
      await server.kill();
      await eventuallyPasses(async () => {
        expect(await client.get('/health/ready')).toMatchObject({
          status: 200,
          body: { status: 'degraded', problems: [{ component: 'redis', sentence: expect.stringContaining('alone') }] },
        });
      });
      await server.restart();
      await eventuallyPasses(async () => {
        expect(await client.get('/health/ready')).toMatchObject({ status: 200, body: { status: 'ready' } });
      });
    });
    await server.kill();
  });

  it('F9 starts without Redis', async () => {
    const url = `redis://:pa55word@127.0.0.1:${String(await freePort())}`;
    await withApp({ env: { REDIS_URL: url } }, async ({ client }) => {
      const answer = await client.get<Health>('/health/ready');
      expect(answer).toMatchObject({ status: 200, body: { status: 'degraded' } });
      expect(answer.text).not.toContain('pa55word');
    });
  });
});
