import type { Answer, HttpClient } from '../support/http-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const PER_NETWORK = 30;
const PER_PERSON = 25;
const PER_KEY = 40;
const SENDS_PER_KEY = 5;

const env = {
  REQUESTS_PER_NETWORK: String(PER_NETWORK),
  REQUESTS_PER_PERSON: String(PER_PERSON),
  REQUESTS_PER_KEY: String(PER_KEY),
  SENDS_PER_KEY: String(SENDS_PER_KEY),
  LOGIN_ATTEMPTS_PER_NETWORK: '1000',
};

const count = (answers: readonly Answer[], status: number): number =>
  answers.filter((answer) => answer.status === status).length;

const times = async (many: number, ask: (i: number) => Promise<Answer>): Promise<readonly Answer[]> => {
  const answers: Answer[] = [];
  for (let i = 0; i < many; i += 1) answers.push(await ask(i));
  return answers;
};

const last = (answers: readonly Answer[]): Answer => {
  const answer = answers.at(-1);
  if (answer === undefined) throw new Error('nobody asked');
  return answer;
};

describe('limits of requests (e2e)', () => {
  let app: TestApp;

  beforeEach(async () => {
    app = await createTestApp({ env });
  });

  afterEach(() => app.close());

  const makeKey = async (name: string): Promise<HttpClient> => {
    const admin = await app.as('ADMIN');
    const scopes = ['messages:send', 'messages:read'];
    const made = await admin.post<{ key: string }>('/v1/api-keys', { name, scopes });
    return app.client.with({ 'x-api-key': made.body.key });
  };

  it('R1 lets as many through as the policy says, tells what is left, and then says when to come again', async () => {
    const admin = await app.as('ADMIN');
    const answers = await times(PER_PERSON + 5, () => admin.get('/v1/auth/me'));
    expect([count(answers, 200), count(answers, 429)]).toEqual([PER_PERSON, 5]);
    expect(answers[0]?.headers.get('ratelimit')).toBe(`"person-minute";r=${String(PER_PERSON - 1)};t=60`);
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe(`"person-minute";q=${String(PER_PERSON)};w=60`);
    const refused = last(answers);
    expect(refused.body).toMatchObject({ code: 'too-many-requests', status: 429, policy: 'person-minute' });
    expect(refused.headers.get('ratelimit')).toMatch(/^"person-minute";r=0;t=\d+$/);
    const retryAfter = Number(refused.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(60);
  });

  it('counts every principal by itself, and what is refused as well', async () => {
    const viewer = await app.as('VIEWER');
    const [one, two] = [await makeKey('one'), await makeKey('two')];
    const forbidden = await times(PER_PERSON + 1, () => viewer.post('/v1/users', {}));
    expect([count(forbidden, 403), last(forbidden).status]).toEqual([PER_PERSON, 429]);
    expect((await (await app.as('ADMIN')).get('/v1/auth/me')).status).toBe(200);
    const listed = await times(PER_KEY + 1, () => one.get('/v1/messages'));
    expect([count(listed, 200), last(listed).body]).toEqual([
      PER_KEY,
      expect.objectContaining({ policy: 'key-minute' }),
    ]);
    expect((await two.get('/v1/messages')).status).toBe(200);
  });

  it('counts sends apart from other requests', async () => {
    const key = await makeKey('sender');
    const send = (): Promise<Answer> => key.post('/v1/messages', { to: '+12025550110', text: 'counted' });
    const sent = await times(SENDS_PER_KEY + 1, send);
    expect([count(sent, 202), last(sent).status]).toEqual([SENDS_PER_KEY, 429]);
    expect(sent[0]?.headers.get('ratelimit')).toMatch(/^"key-sends-minute";r=4;t=\d+$/);
    expect(last(sent).body).toMatchObject({ policy: 'key-sends-minute' });
    expect((await key.get('/v1/messages')).status).toBe(200);
  });

  it('R2 700 requests with forwarded addresses that nobody vouches for: one network', async () => {
    const answers = await Promise.all(
      Array.from({ length: 700 }, (_, i) => {
        const ip = `198.51.${String(i >> 8)}.${String(i & 255)}`;
        return app.client.get('/v1/messages', { 'x-forwarded-for': ip, 'x-real-ip': ip, forwarded: `for=${ip}` });
      }),
    );
    expect([count(answers, 401), count(answers, 429)]).toEqual([PER_NETWORK, 700 - PER_NETWORK]);
  });

  it('counts who guesses by network, and lets those in who know', async () => {
    const key = await makeKey('right');
    const guesses = await times(PER_NETWORK + 2, (i) => app.client.withToken(`guess-${String(i)}`).get('/v1/messages'));
    expect(count(guesses, 401)).toBeLessThanOrEqual(PER_NETWORK);
    expect(last(guesses).status).toBe(429);
    expect(last(guesses).body).toMatchObject({ policy: 'network-minute' });
    expect((await key.get('/v1/messages')).status).toBe(200);
  });

  it('always answers health and the pages of the console', async () => {
    const paths = ['/health', '/health/live', '/health/ready', '/console/setup', '/console/setup.js'];
    for (const path of paths) {
      const answers = await times(PER_NETWORK + 5, () => app.client.get(path));
      expect([path, count(answers, 429), last(answers).headers.get('ratelimit')]).toEqual([path, 0, null]);
    }
  });
});

describe('limits behind a trusted proxy (e2e)', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await createTestApp({ env: { ...env, TRUSTED_PROXIES: '127.0.0.1', CORS_ORIGINS: 'https://a.example' } });
  });

  afterAll(() => app.close());

  const from = (ip: string): Promise<Answer> => app.client.get('/v1/messages', { 'x-forwarded-for': ip });

  it('R3 counts each client by itself, and one IPv6 /64 as one', async () => {
    const one = await times(PER_NETWORK + 1, () => from('203.0.113.1'));
    expect([count(one, 401), last(one).status]).toEqual([PER_NETWORK, 429]);
    expect((await from('203.0.113.2')).status).toBe(401);
    const rotating = await times(PER_NETWORK + 1, (i) => from(`2001:db8:0:1:${i.toString(16)}::1`));
    expect([count(rotating, 401), last(rotating).status]).toEqual([PER_NETWORK, 429]);
    expect((await from('2001:db8:0:2::1')).status).toBe(401);
  });

  it('lets pages of other origins read the headers', async () => {
    const answer = await app.client.get('/v1/messages', {
      origin: 'https://a.example',
      'x-forwarded-for': '203.0.113.1',
    });
    expect(answer.status).toBe(429);
    const exposed = answer.headers.get('access-control-expose-headers') ?? '';
    for (const name of ['RateLimit', 'RateLimit-Policy', 'Retry-After']) expect(exposed).toContain(name);
  });
});
