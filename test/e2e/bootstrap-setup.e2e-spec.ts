import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { SetupLink } from '../../src/modules/identity/index.js';
import { Lifecycle } from '../../src/platform/lifecycle/lifecycle.js';
import type { Answer } from '../support/http-client.js';
import { ADMIN_EMAIL, ADMIN_PASSWORD, createTestApp, type TestApp } from '../support/test-app.js';

const BASE = 'http://waypost.example:3030/';
const PERSON = { email: 'First.Admin@Example.org', password: 'correct horse battery' };

interface SignedIn {
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly refreshToken: string;
  readonly user: { readonly email: string; readonly role: string; readonly name: string };
}

const linkPath = (app: TestApp): string => join(app.dataDir, 'setup-link');

const tokenOf = async (app: TestApp): Promise<string> => {
  const link = (await readFile(linkPath(app), 'utf8')).trim();
  expect(link).toMatch(/^http:\/\/waypost\.example:3030\/console\/setup#token=/);
  return link.split('#token=')[1] ?? '';
};

const open = async (app: TestApp): Promise<string> => {
  await app.app.get(SetupLink).announce(BASE);
  return tokenOf(app);
};

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const untilGone = async (path: string): Promise<void> => {
  for (let i = 0; i < 100 && (await exists(path)); i += 1) await new Promise((resolve) => setTimeout(resolve, 20));
};

const setUp = (app: TestApp, body: object): Promise<Answer<SignedIn>> => app.client.post<SignedIn>('/setup', body);

describe('the first start (e2e)', () => {
  let app: TestApp;
  let token: string;

  beforeEach(async () => {
    app = await createTestApp({ admin: false });
    token = await open(app);
  });

  afterEach(() => app.close());

  it('B2 refuses whoever has no token, a wrong one, or half of the right one', async () => {
    for (const wrong of [undefined, '', ' ', 'wps_', token.slice(0, -1), `${token}x`, token.toUpperCase()]) {
      const { status } = await setUp(app, { ...PERSON, ...(wrong === undefined ? {} : { token: wrong }) });
      expect([400, 403]).toContain(status);
    }
    expect((await setUp(app, PERSON)).status).toBe(403);
    expect(await app.query('SELECT id FROM app_user')).toEqual([]);
  });

  it('B2 makes one administrator with the one-time link, signs them in, and is gone afterwards', async () => {
    expect((await stat(linkPath(app))).mode & 0o777).toBe(0o600);
    const answer = await setUp(app, { token, ...PERSON, name: 'Ada' });
    expect(answer.status).toBe(201);
    expect(answer.body.user).toMatchObject({ email: 'first.admin@example.org', role: 'ADMIN', name: 'Ada' });
    expect(answer.body.expiresIn).toBe(900);
    expect(answer.headers.getSetCookie().join('\n')).toMatch(
      /waypost-refresh=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict/,
    );
    expect((await app.client.withToken(answer.body.accessToken).get('/v1/auth/me')).status).toBe(200);

    for (const again of [token, 'wps_something']) {
      const { status, body } = await setUp(app, { ...PERSON, token: again, email: 'second@example.org' });
      expect({ status, body }).toMatchObject({ status: 410, body: { code: 'setup-finished' } });
    }
    await untilGone(linkPath(app));
    expect(await exists(linkPath(app))).toBe(false);
    expect(await app.query('SELECT email FROM app_user')).toHaveLength(1);
  });

  it('B2 makes exactly one administrator of 50 parallel uses', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => setUp(app, { ...PERSON, token, email: `admin${String(i)}@example.org` })),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array<number>(49).fill(410)]);
    expect(await app.query('SELECT id FROM app_user')).toHaveLength(1);
  });

  it('B2 keeps only the hash of the token, and a new start kills the link of the one before', async () => {
    const [row] = await app.query<{ hash: string }>('SELECT hash FROM setup_token');
    expect(row?.hash).toBe(createHash('sha256').update(token).digest('hex'));
    const second = await createTestApp({ admin: false, database: app.database });
    try {
      const fresh = await open(second);
      expect((await setUp(app, { ...PERSON, token })).status).toBe(403);
      expect((await setUp(app, { ...PERSON, token: fresh })).status).toBe(201);
    } finally {
      await second.close();
    }
  });

  it('B2 refuses a link that is older than 24 hours', async () => {
    await app.query("UPDATE setup_token SET expires_at = expires_at - interval '24 hours 1 second'");
    expect((await setUp(app, { ...PERSON, token })).status).toBe(403);
  });

  it('B2 names every bad field and makes nobody', async () => {
    const { status, body } = await app.client.post<{ errors: { pointer: string }[] }>('/setup', {
      token,
      email: 'nobody',
      password: 'short',
      role: 'ADMIN',
    });
    expect(status).toBe(400);
    expect(new Set(body.errors.map(({ pointer }) => pointer))).toEqual(new Set(['#/email', '#/password', '#/role']));
    expect(await app.query('SELECT id FROM app_user')).toEqual([]);
  });

  it('writes the act and each refused try into the trail', async () => {
    await setUp(app, { ...PERSON, token: 'wrong' });
    await setUp(app, { ...PERSON, token });
    const rows = await app.query<{ action: string; outcome: string; actor_kind: string }>(
      'SELECT action, outcome, actor_kind FROM audit_entry ORDER BY seq',
    );
    expect(rows.filter(({ action }) => action === 'setup.complete')).toEqual([
      { action: 'setup.complete', outcome: 'denied', actor_kind: 'anonymous' },
      { action: 'setup.complete', outcome: 'success', actor_kind: 'user' },
    ]);
  });
});

describe('the first start without a person (e2e)', () => {
  it('B2 makes the administrator of the environment on an empty database only, and no link', async () => {
    const app = await createTestApp();
    try {
      expect(await exists(linkPath(app))).toBe(false);
      const env = { ADMIN_EMAIL: 'other@example.org', ADMIN_PASSWORD: 'another long passphrase' };
      const second = await createTestApp({ database: app.database, dataDir: app.dataDir, env });
      await second.app.get(SetupLink).announce(BASE);
      expect(await exists(linkPath(app))).toBe(false);
      expect(await second.query('SELECT email FROM app_user')).toEqual([{ email: ADMIN_EMAIL }]);
      expect((await second.client.post('/setup', { ...PERSON, token: 'wps_x' })).status).toBe(410);
      await second.signIn(ADMIN_EMAIL, ADMIN_PASSWORD);
      await second.close();
    } finally {
      await app.close();
    }
  });

  it('answers 503 until the database is migrated', async () => {
    let release = (): void => undefined;
    const migrated = new Promise<void>((resolve) => {
      release = resolve;
    });
    let early: Promise<Answer> | undefined;
    const app = await createTestApp({
      admin: false,
      prepare: (nest) => {
        nest.get(Lifecycle).onStart('migrations that take long', async () => {
          const url = await nest.getUrl();
          early = fetch(`${url}/setup`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ ...PERSON, token: 'wps_x' }),
          }).then(async (response) => ({
            status: response.status,
            headers: response.headers,
            text: await response.text(),
            body: undefined,
          }));
          await early;
          release();
        });
      },
    });
    await migrated;
    const answer = await early;
    expect(answer?.status).toBe(503);
    expect(answer?.headers.get('retry-after')).toBe('1');
    await app.close();
  });
});
