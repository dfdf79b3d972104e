import { createTestApp, type Person, type TestApp } from '../support/test-app.js';

const PATIENCE_MS = 5000;

/** Asks until the token is refused; the time that this took. */
const untilRefused = async (app: TestApp, token: string): Promise<number> => {
  const start = performance.now();
  while (performance.now() - start < PATIENCE_MS) {
    if ((await app.client.withToken(token).get('/v1/auth/me')).status === 401) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return performance.now() - start;
};

/** The acts that end access tokens; what each is called in the trail. */
const ACTS: readonly [string, string, (app: TestApp, person: Person) => Promise<number>][] = [
  [
    'disabled',
    'users.update',
    async (app, { id }) => (await (await app.as('ADMIN')).patch(`/v1/users/${id}`, { disabled: true })).status,
  ],
  [
    'role lowered',
    'users.update',
    async (app, { id }) => (await (await app.as('ADMIN')).patch(`/v1/users/${id}`, { role: 'VIEWER' })).status,
  ],
  [
    'password set by an administrator',
    'users.update',
    async (app, { id }) =>
      (await (await app.as('ADMIN')).patch(`/v1/users/${id}`, { password: 'a fresh passphrase' })).status,
  ],
  ['deleted', 'users.delete', async (app, { id }) => (await (await app.as('ADMIN')).delete(`/v1/users/${id}`)).status],
  [
    'password changed',
    'auth.password-change',
    async (_app, { client, password }) =>
      (await client.post('/v1/auth/password', { currentPassword: password, newPassword: 'a fresh passphrase' })).status,
  ],
  ['logout', 'auth.logout', async (_app, { client }) => (await client.post('/v1/auth/logout')).status],
  [
    'logout everywhere',
    'auth.logout-everywhere',
    async (app, { email, password }) =>
      (await (await app.signIn(email, password)).client.post('/v1/auth/logout-everywhere')).status,
  ],
];

describe('the end of an access token (e2e)', () => {
  let app: TestApp;
  /** Another process on the same database, which nobody tells anything. */
  let other: TestApp;

  beforeAll(async () => {
    app = await createTestApp();
    other = await createTestApp({ database: app.database, dataDir: app.dataDir });
  });

  afterAll(async () => {
    await other.close();
    await app.close();
  });

  it.each(ACTS)('T8 %s: the old token is refused at once here and within 5 s elsewhere', async (_name, action, act) => {
    const person = await app.addPerson('OPERATOR');
    for (const place of [app, other]) {
      expect((await place.client.withToken(person.accessToken).get('/v1/auth/me')).status).toBe(200);
    }
    const [before] = await app.query<{ count: string }>('SELECT count(*) FROM audit_entry WHERE action = $1', [action]);
    expect([200, 204]).toContain(await act(app, person));
    expect((await app.client.withToken(person.accessToken).get('/v1/auth/me')).status).toBe(401);
    expect(await untilRefused(other, person.accessToken)).toBeLessThan(PATIENCE_MS);
    const [after] = await app.query<{ count: string }>('SELECT count(*) FROM audit_entry WHERE action = $1', [action]);
    expect(Number(after?.count) - Number(before?.count)).toBe(1);
  });

  it('T8 a password change goes on with the new sign-in of its answer, and refuses the old password', async () => {
    const person = await app.addPerson('OPERATOR');
    const newPassword = 'a fresh passphrase';
    const wrong = await person.client.post('/v1/auth/password', { currentPassword: 'not this one', newPassword });
    expect(wrong.status).toBe(403);
    const answer = await person.client.post<{ accessToken: string }>('/v1/auth/password', {
      currentPassword: person.password,
      newPassword,
    });
    expect((await app.client.withToken(answer.body.accessToken).get('/v1/auth/me')).status).toBe(200);
    const login = (password: string): Promise<number> =>
      app.client.post('/v1/auth/login', { email: person.email, password }).then(({ status }) => status);
    expect(await login(person.password)).toBe(401);
    expect(await login(newPassword)).toBe(200);
  });

  it('T8 a grant that is taken away is gone at once, without a new sign-in', async () => {
    const person = await app.addPerson('OPERATOR', ['a', 'b']);
    const admin = await app.as('ADMIN');
    expect((await admin.patch(`/v1/users/${person.id}`, { sessionIds: ['b'] })).status).toBe(200);
    const me = await person.client.get<{ sessionIds: string[] }>('/v1/auth/me');
    expect(me.body.sessionIds).toEqual(['b']);
  });
});
