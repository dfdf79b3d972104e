import type { Answer } from '../support/http-client.js';
import { createTestApp, type Person, type TestApp } from '../support/test-app.js';

interface SignedIn {
  readonly accessToken: string;
  readonly refreshToken: string;
}

describe('refresh tokens (e2e)', () => {
  let app: TestApp;
  let person: Person;

  const login = async (): Promise<Answer<SignedIn>> =>
    app.client.post<SignedIn>('/v1/auth/login', { email: person.email, password: person.password });
  const refresh = (refreshToken: string): Promise<Answer<SignedIn>> =>
    app.client.post<SignedIn>('/v1/auth/refresh', { refreshToken });
  const isAlive = async (accessToken: string): Promise<boolean> =>
    (await app.client.withToken(accessToken).get('/v1/auth/me')).status === 200;
  const countOf = async (action: string): Promise<number> =>
    (await app.query('SELECT 1 FROM audit_entry WHERE action = $1', [action])).length;

  beforeAll(async () => {
    app = await createTestApp();
    person = await app.addPerson('OPERATOR');
  });

  afterAll(() => app.close());

  it('T9 gives a new pair once; the old token again ends the whole family and is written down', async () => {
    const first = (await login()).body;
    const second = await refresh(first.refreshToken);
    expect(second.status).toBe(200);
    expect(second.body.refreshToken).not.toBe(first.refreshToken);
    expect(await isAlive(second.body.accessToken)).toBe(true);
    const third = await refresh(second.body.refreshToken);
    expect(third.status).toBe(200);

    const reuses = await countOf('auth.refresh-reuse');
    const reused = await refresh(first.refreshToken);
    expect(reused).toMatchObject({ status: 401, body: { code: 'refresh-refused' } });
    expect((await refresh(third.body.refreshToken)).status).toBe(401);
    for (const { accessToken } of [first, second.body, third.body]) expect(await isAlive(accessToken)).toBe(false);
    expect(await countOf('auth.refresh-reuse')).toBe(reuses + 1);
  });

  it('T9 another sign-in of the same person lives on', async () => {
    const [one, two] = [(await login()).body, (await login()).body];
    await refresh(one.refreshToken);
    await refresh(one.refreshToken);
    expect(await isAlive(one.accessToken)).toBe(false);
    expect(await isAlive(two.accessToken)).toBe(true);
    expect((await refresh(two.refreshToken)).status).toBe(200);
  });

  it('T10 two parallel uses of one token never leave two live families', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { refreshToken } = (await login()).body;
      const answers = await Promise.all([refresh(refreshToken), refresh(refreshToken)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
      const won = answers.find(({ status }) => status === 200)?.body;
      expect(await isAlive(won?.accessToken ?? '')).toBe(false);
      expect((await refresh(won?.refreshToken ?? '')).status).toBe(401);
    }
  });

  it('T10 a repeat after a lost answer counts as reuse, however soon it comes (ADR 0021)', async () => {
    const { refreshToken } = (await login()).body;
    const lost = await refresh(refreshToken);
    expect((await refresh(refreshToken)).status).toBe(401);
    expect((await refresh(lost.body.refreshToken)).status).toBe(401);
  });

  it('keeps tokens as hashes only', async () => {
    const { refreshToken } = (await login()).body;
    const rows = await app.query<{ hash: string }>('SELECT hash FROM refresh_token');
    expect(rows.every(({ hash }) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
    expect(JSON.stringify(rows)).not.toContain(refreshToken);
  });

  it('refuses an expired family, a logged-out one, and what was never a token', async () => {
    const expired = (await login()).body;
    await app.query('UPDATE login_session SET expires_at = now() WHERE revoked_at IS NULL');
    expect((await refresh(expired.refreshToken)).status).toBe(401);
    const out = (await login()).body;
    await app.client.withToken(out.accessToken).post('/v1/auth/logout');
    expect((await refresh(out.refreshToken)).status).toBe(401);
    expect((await refresh('wpr_nothing')).status).toBe(401);
    expect((await app.client.post('/v1/auth/refresh')).status).toBe(401);
  });

  describe('in a browser', () => {
    const cookieOf = (answer: Answer): string =>
      answer.headers
        .getSetCookie()
        .map((cookie) => cookie.split(';', 1)[0])
        .join('; ');

    it('X3 takes the token from an HttpOnly, SameSite=Strict cookie, and takes it back at logout', async () => {
      const signIn = await login();
      const cookies = signIn.headers.getSetCookie();
      expect(cookies).toHaveLength(2);
      for (const cookie of cookies) expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/);
      const next = await app.client.post<SignedIn>('/v1/auth/refresh', {}, { cookie: cookieOf(signIn) });
      expect(next.status).toBe(200);
      expect(cookieOf(next)).not.toBe(cookieOf(signIn));
      const out = await app.client.withToken(next.body.accessToken).post('/v1/auth/logout');
      expect(out.headers.getSetCookie()[0]).toMatch(/^waypost-refresh=; .*Expires=Thu, 01 Jan 1970/);
    });

    it('X3 refuses the cookie to a page of somebody else, and uses nothing up', async () => {
      const cookie = cookieOf(await login());
      for (const headers of [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site', origin: app.url },
      ]) {
        expect((await app.client.post('/v1/auth/refresh', {}, { cookie, ...headers })).status).toBe(403);
      }
      const form = await app.client.call('/v1/auth/refresh', {
        method: 'POST',
        rawBody: 'refreshToken=',
        headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect(form.status).toBe(415);
      const own = { cookie, origin: app.url, 'sec-fetch-site': 'same-origin' };
      expect((await app.client.post('/v1/auth/refresh', {}, own)).status).toBe(200);
    });

    it('X3 names the cookies __Host- and marks them Secure when the public address is https', async () => {
      const secure = await createTestApp({ env: { PUBLIC_URL: 'https://waypost.example' } });
      try {
        const answer = await secure.client.post('/v1/auth/login', {
          email: 'admin@example.org',
          password: 'a plain long passphrase',
        });
        for (const cookie of answer.headers.getSetCookie()) {
          expect(cookie).toMatch(
            /^__Host-waypost-(refresh|device)=[^;]+; .*Path=\/; .*HttpOnly; Secure; SameSite=Strict$/,
          );
        }
      } finally {
        await secure.close();
      }
    });
  });
});
