import { hasRedisServer, RedisServer } from '../support/redis-server.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const PER_ACCOUNT = 6;
const WRONG = 'a wrong passphrase';

const describeWithRedis = hasRedisServer() ? describe : describe.skip;

describeWithRedis('limits of several processes (e2e)', () => {
  let redis: RedisServer;
  let one: TestApp;
  let two: TestApp;

  const attempt = async (app: TestApp, email: string): Promise<number> =>
    (await app.client.post('/v1/auth/login', { email, password: WRONG })).status;

  /** How many of `count` tries on each process in turn were looked at. */
  const triedOf = async (count: number, email: string): Promise<number> => {
    let tried = 0;
    for (let i = 0; i < count; i += 1) {
      for (const app of [one, two]) tried += (await attempt(app, email)) === 401 ? 1 : 0;
    }
    return tried;
  };

  beforeAll(async () => {
    redis = await RedisServer.start();
    const env = { REDIS_URL: redis.url, LOGIN_ATTEMPTS_PER_ACCOUNT: String(PER_ACCOUNT) };
    one = await createTestApp({ env });
    two = await createTestApp({ env, database: one.database, dataDir: one.dataDir });
  });

  afterAll(async () => {
    await two.close();
    await one.close();
    await redis.kill();
  });

  it('R1 hold for all of them together', async () => {
    expect(await triedOf(PER_ACCOUNT, 'one@example.org')).toBe(PER_ACCOUNT);
  });

  it('R4 hold for each of them while Redis hangs, and nobody waits long for it', async () => {
    redis.pause();
    const start = performance.now();
    expect(await attempt(one, 'two@example.org')).toBe(401);
    expect(performance.now() - start).toBeLessThan(5000);
    const tried = await triedOf(PER_ACCOUNT + 3, 'two@example.org');
    expect(tried).toBeLessThanOrEqual(2 * PER_ACCOUNT);
    redis.resume();
  });

  it('R4 hold for each of them while Redis is gone, and for all together when it is back', async () => {
    await redis.kill();
    expect(await triedOf(PER_ACCOUNT + 3, 'three@example.org')).toBeLessThanOrEqual(2 * PER_ACCOUNT);
    await redis.restart();
    const deadline = performance.now() + 20_000;
    for (let i = 0; ; i += 1) {
      const tried = await triedOf(PER_ACCOUNT, `back-${String(i)}@example.org`);
      if (tried === PER_ACCOUNT) break;
      expect(performance.now()).toBeLessThan(deadline);
    }
  }, 60_000);
});
