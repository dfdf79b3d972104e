import type { Answer } from '../support/http-client.js';
import { createTestApp, type Person, type TestApp } from '../support/test-app.js';

const PER_ACCOUNT = 10;
const PER_NETWORK = 30;

describe('throttled login (e2e)', () => {
  let app: TestApp;
  let person: Person;

  const from = (ip: string, email: string, password: string, cookie?: string): Promise<Answer<{ code?: string }>> =>
    app.client.post(
      '/v1/auth/login',
      { email, password },
      { 'x-forwarded-for': ip, ...(cookie === undefined ? {} : { cookie }) },
    );

  beforeEach(async () => {
    app = await createTestApp({
      env: {
        TRUSTED_PROXIES: '127.0.0.1',
        LOGIN_ATTEMPTS_PER_ACCOUNT: String(PER_ACCOUNT),
        LOGIN_ATTEMPTS_PER_NETWORK: String(PER_NETWORK),
      },
    });
    person = await app.addPerson('VIEWER');
  });

  afterEach(() => app.close());

  it('T13 200 wrong passwords for one account from 200 addresses: 10 are tried, the owner gets in', async () => {
    const known = await from('203.0.113.1', person.email, person.password);
    const device = known.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';', 1)[0])
      .find((cookie) => cookie?.startsWith('waypost-device='));
    const statuses: number[] = [];
    for (let i = 0; i < 200; i += 1) {
      const { status } = await from(`198.51.${String(i)}.7`, person.email, 'a wrong passphrase');
      statuses.push(status);
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(PER_ACCOUNT);
    expect(statuses.filter((status) => status === 429)).toHaveLength(200 - PER_ACCOUNT);

    const stranger = await from('192.0.2.9', person.email, person.password);
    expect(stranger).toMatchObject({ status: 429, body: { code: 'too-many-requests' } });
    expect(Number(stranger.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(stranger.headers.get('ratelimit')).toMatch(/"login-account";r=0;t=\d+/);
    expect(stranger.headers.get('ratelimit-policy')).toContain('"login-account";q=10;w=900');
    expect((await from('192.0.2.9', person.email, person.password, device)).status).toBe(200);
  });

  it('T13 a known device is limited too, and the mark of one person is worth nothing for another', async () => {
    const known = await from('203.0.113.1', person.email, person.password);
    const device = known.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';', 1)[0])
      .join('; ');
    const statuses: number[] = [];
    for (let i = 0; i < PER_ACCOUNT + 5; i += 1) {
      statuses.push((await from(`198.51.100.${String(i)}`, person.email, 'a wrong passphrase', device)).status);
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(PER_ACCOUNT);
    const other = await app.addPerson('VIEWER');
    for (let i = 0; i < PER_ACCOUNT; i += 1) await from(`198.51.101.${String(i)}`, other.email, 'a wrong passphrase');
    expect((await from('192.0.2.9', other.email, other.password, device)).status).toBe(429);
    const forged =
      'waypost-device=AAAAAAAAAAAAAAAAAAAAAA.0000000000000000000000000000000000000000000000000000000000000000';
    expect((await from('192.0.2.9', other.email, other.password, forged)).status).toBe(429);
  });

  it('T13 1,000 accounts from one address: 30 are tried', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 1000 }, (_, i) => from('203.0.113.5', `user${String(i)}@example.org`, 'a wrong passphrase')),
    ).then((answers) => answers.map(({ status }) => status));
    expect(statuses.filter((status) => status === 401)).toHaveLength(PER_NETWORK);
    expect((await from('203.0.113.6', person.email, person.password)).status).toBe(200);
  });

  it('R3 addresses of one IPv6 /64 share a count, those of another do not', async () => {
    for (let i = 0; i < PER_NETWORK; i += 1) {
      await from(`2001:db8:0:1::${i.toString(16)}`, `user${String(i)}@example.org`, 'a wrong passphrase');
    }
    expect((await from('2001:db8:0:1:ffff::1', person.email, person.password)).status).toBe(429);
    expect((await from('2001:db8:0:2::1', person.email, person.password)).status).toBe(200);
  });

  it('right passwords are not counted', async () => {
    for (let i = 0; i < PER_NETWORK + 5; i += 1) {
      expect((await from('203.0.113.7', person.email, person.password)).status).toBe(200);
    }
  });
});

describe('login without a trusted proxy (e2e)', () => {
  it('R2 believes no forwarded address', async () => {
    const app = await createTestApp({ env: { LOGIN_ATTEMPTS_PER_NETWORK: '5' } });
    try {
      const statuses: number[] = [];
      for (let i = 0; i < 20; i += 1) {
        const ip = `198.51.100.${String(i)}`;
        const { status } = await app.client.post(
          '/v1/auth/login',
          { email: `user${String(i)}@example.org`, password: 'a wrong passphrase' },
          { 'x-forwarded-for': ip, 'x-real-ip': ip, forwarded: `for=${ip}` },
        );
        statuses.push(status);
      }
      expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    } finally {
      await app.close();
    }
  });
});
