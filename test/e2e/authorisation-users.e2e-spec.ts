import type { Answer, HttpClient } from '../support/http-client.js';
import { ADMIN_EMAIL, createTestApp, type Person, type TestApp } from '../support/test-app.js';

interface UserBody {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly sessionIds: readonly string[];
  readonly disabled: boolean;
  readonly password?: string;
  readonly code?: string;
}

interface UserList {
  readonly data: readonly UserBody[];
  readonly nextCursor: string | null;
}

interface Problem {
  readonly code: string;
  readonly instance: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

const ANN = { email: 'Ann@Example.org', name: 'Ann', role: 'OPERATOR' };

describe('people (e2e)', () => {
  let app: TestApp;
  let admin: HttpClient;

  const create = (body: object): Promise<Answer<UserBody>> => admin.post<UserBody>('/v1/users', body);
  const entriesOf = async (target: string): Promise<readonly { action: string; actor_id: string; detail: string }[]> =>
    app.query('SELECT action, actor_id, detail FROM audit_entry WHERE target = $1 ORDER BY seq', [target]);

  beforeEach(async () => {
    app = await createTestApp();
    admin = await app.as('ADMIN');
  });

  afterEach(() => app.close());

  it('adds, shows, changes and removes a person, with one entry in the trail for each act', async () => {
    const password = 'a plain long passphrase';
    const made = await create({ ...ANN, password, sessionIds: ['default', 'second'] });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      email: 'ann@example.org',
      name: 'Ann',
      role: 'OPERATOR',
      sessionIds: ['default', 'second'],
      disabled: false,
    });
    expect(made.body.id).toMatch(/^usr_[0-9a-z]{26}$/);
    expect(made.body.password).toBeUndefined();
    expect(made.text).not.toMatch(/hash|argon/i);

    const path = `/v1/users/${made.body.id}`;
    expect((await admin.get(path)).body).toEqual(made.body);
    const changed = await admin.patch<UserBody>(path, { name: 'Ann B.', sessionIds: [] });
    expect(changed.body).toMatchObject({ name: 'Ann B.', sessionIds: [], role: 'OPERATOR' });
    expect((await admin.delete(path)).status).toBe(204);
    expect((await admin.get(path)).status).toBe(404);
    expect((await app.client.post('/v1/auth/login', { email: ANN.email, password })).status).toBe(401);

    const { id } = await app.person('ADMIN');
    const entries = await entriesOf(made.body.id);
    expect(entries.map(({ action, actor_id }) => [action, actor_id])).toEqual(
      [
        ['users.create', id],
        ['users.update', id],
        ['users.delete', id],
        ['auth.login-failed', 'anonymous'],
      ].slice(0, entries.length),
    );
    expect(entries.length).toBe(3);
    expect(JSON.stringify(entries)).not.toContain(password);
  });

  it('makes a password when none is given, and tells it once', async () => {
    const made = await create(ANN);
    const { password, id } = made.body;
    expect(password).toMatch(/^[A-Za-z0-9_-]{20}$/);
    expect((await admin.get<UserBody>(`/v1/users/${id}`)).text).not.toContain(password);
    await app.signIn(ANN.email, password ?? '');
    expect(JSON.stringify(await entriesOf(id))).not.toContain(password);
  });

  it('refuses an address that somebody has, in whichever case it is written', async () => {
    await create(ANN);
    const again = await create({ ...ANN, email: 'ANN@EXAMPLE.ORG' });
    expect(again).toMatchObject({ status: 409, body: { code: 'email-taken' } });
  });

  it('names every bad field of a body, and stores nothing', async () => {
    const answer = await admin.post<Problem>('/v1/users', {
      email: 'nobody',
      name: '',
      role: 'OWNER',
      password: 'elevenchars',
      sessionIds: ['UPPER', 'a'.repeat(65)],
      scope: 'all',
    });
    expect(answer.status).toBe(400);
    expect(new Set(answer.body.errors?.map(({ pointer }) => pointer))).toEqual(
      new Set(['#/email', '#/name', '#/role', '#/password', '#/sessionIds', '#/scope']),
    );
    expect(await app.query('SELECT 1 FROM app_user')).toHaveLength(1);
  });

  it('lists people in pages, with a cursor that belongs to this list', async () => {
    for (let i = 0; i < 5; i += 1) await create({ ...ANN, email: `user${String(i)}@example.org` });
    const seen: string[] = [];
    let path = '/v1/users?limit=2';
    for (;;) {
      const { body } = await admin.get<UserList>(path);
      seen.push(...body.data.map(({ email }) => email));
      if (body.nextCursor === null) break;
      path = `/v1/users?limit=2&cursor=${body.nextCursor}`;
    }
    expect(seen).toEqual([ADMIN_EMAIL, ...Array.from({ length: 5 }, (_, i) => `user${String(i)}@example.org`)]);
    for (const query of [
      'limit=0',
      'limit=201',
      'limit=two',
      'limit=',
      'cursor=',
      'cursor=eA',
      'cursor=%00',
      'page=2',
      'limit=1&limit=2',
    ]) {
      expect([query, (await admin.get(`/v1/users?${query}`)).status]).toEqual([query, 400]);
    }
    const forged = Buffer.from('AAAAAAAAAAAA.usr_00000000000000000000000000').toString('base64url');
    expect((await admin.get(`/v1/users?cursor=${forged}`)).status).toBe(400);
  });

  it('A3 an id of nobody, and what is no id at all, are answered alike', async () => {
    const ids = ['usr_00000000000000000000000000', 'nobody', '..%2f..', "'--", 'a'.repeat(200), '%F0%9F%94%91'];
    const bodies = new Set<string>();
    for (const id of ids) {
      for (const answer of [
        await admin.get<Problem>(`/v1/users/${id}`),
        await admin.patch<Problem>(`/v1/users/${id}`, { name: 'x' }),
        await admin.delete<Problem>(`/v1/users/${id}`),
      ]) {
        expect(answer.status).toBe(404);
        bodies.add(JSON.stringify({ ...answer.body, instance: '' }));
      }
    }
    expect(bodies.size).toBe(1);
    // U+0000 is refused before anybody looks for anything.
    expect((await admin.get('/v1/users/%00')).status).toBe(400);
  });

  it('A6 whoever was granted nothing sees no session', async () => {
    for (const sessionIds of [undefined, []]) {
      const email = `nothing-${String(sessionIds?.length)}@example.org`;
      const password = 'a plain long passphrase';
      expect((await create({ ...ANN, email, password, ...(sessionIds ? { sessionIds } : {}) })).status).toBe(201);
      const person = await app.signIn(email, password);
      expect((await person.client.get<{ data: unknown[] }>('/v1/messages')).body.data).toEqual([]);
      expect((await person.client.post('/v1/messages', { to: '+12025550110', text: 'x' })).status).toBe(404);
      expect((await person.client.get('/v1/sandbox/default/outbox')).status).toBe(404);
    }
    for (const sessionIds of [null, '', 'default', [''], ['*'], [null], { 0: 'default' }]) {
      expect((await create({ ...ANN, sessionIds })).status).toBe(400);
    }
    for (const role of [null, '', [], ['ADMIN'], 'admin', 'ROOT', '__proto__', 'constructor']) {
      expect((await create({ ...ANN, role })).status).toBe(400);
    }
  });

  describe('A8 the last administrator', () => {
    let first: Person;

    beforeEach(async () => {
      first = await app.person('ADMIN');
    });

    it.each([
      ['demotes', (client: HttpClient, path: string) => client.patch<Problem>(path, { role: 'VIEWER' })],
      ['disables', (client: HttpClient, path: string) => client.patch<Problem>(path, { disabled: true })],
      ['deletes', (client: HttpClient, path: string) => client.delete<Problem>(path)],
    ])('%s themselves: 409, and nothing has changed', async (_verb, act) => {
      const answer = await act(admin, `/v1/users/${first.id}`);
      expect(answer).toMatchObject({ status: 409, body: { code: 'last-administrator' } });
      expect((await admin.get<UserBody>('/v1/auth/me')).body).toMatchObject({ role: 'ADMIN', disabled: false });
      // A disabled administrator is no help to whoever is locked out.
      const second = await app.addPerson('ADMIN');
      await admin.patch(`/v1/users/${second.id}`, { disabled: true });
      expect((await act(admin, `/v1/users/${first.id}`)).status).toBe(409);
      await admin.patch(`/v1/users/${second.id}`, { disabled: false });
      expect([200, 204]).toContain((await act(admin, `/v1/users/${first.id}`)).status);
    });

    it('two administrators who remove each other at once: one of them stays', async () => {
      const second = await app.addPerson('ADMIN');
      const answers = await Promise.all([
        admin.delete(`/v1/users/${second.id}`),
        second.client.delete(`/v1/users/${first.id}`),
      ]);
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses[0]).toBe(204);
      // Refused as the last one, or known as removed already.
      expect([401, 409]).toContain(statuses[1]);
      expect(await app.query("SELECT 1 FROM app_user WHERE role = 'ADMIN'")).toHaveLength(1);
    });
  });

  it('A8 nobody below an administrator gives a role, to others or to themselves', async () => {
    const operator = await app.person('OPERATOR');
    const before = await entriesOf(operator.id);
    expect((await operator.client.patch(`/v1/users/${operator.id}`, { role: 'ADMIN' })).status).toBe(403);
    expect((await operator.client.post('/v1/users', { ...ANN, role: 'ADMIN' })).status).toBe(403);
    expect((await operator.client.get<UserBody>('/v1/auth/me')).body.role).toBe('OPERATOR');
    expect(await entriesOf(operator.id)).toEqual(before);
  });

  it('U1 a refusal on a route that changes something is written down once', async () => {
    const viewer = await app.person('VIEWER');
    expect((await viewer.client.post('/v1/users', ANN)).status).toBe(403);
    expect((await viewer.client.get('/v1/users')).status).toBe(403);
    const rows = await app.query("SELECT action FROM audit_entry WHERE outcome = 'denied' AND actor_id = $1", [
      viewer.id,
    ]);
    expect(rows).toHaveLength(1);
  });

  it('U1 an act whose entry cannot be written does not happen', async () => {
    await app.query(`
      CREATE FUNCTION refuse_entries() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the trail is full'; END $$`);
    await app.query(
      'CREATE TRIGGER refuse BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_entries()',
    );
    expect((await create(ANN)).status).toBe(500);
    expect(await app.query('SELECT 1 FROM app_user')).toHaveLength(1);
  });
});
