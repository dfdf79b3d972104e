import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { SetupLink } from '../../src/modules/identity/index.js';
import { eventually } from './eventually.js';
import type { Answer, HttpClient } from './http-client.js';
import type { Person, TestApp } from './test-app.js';

/** What is done, ready to be done. */
export type Act = () => Promise<Answer>;

export interface AuditRecipe {
  /** Brings about what the act needs, and hands it over. */
  readonly success: (app: TestApp) => Promise<Act>;
  /** The action of its one entry. */
  readonly action: string;
  /** By default a VIEWER does what `success` does. `rows` is 0 where nobody known is refused (401). */
  readonly denial?: { readonly act: (app: TestApp) => Promise<Act>; readonly action: string | null };
  /** Needs a server that has no administrator yet. */
  readonly isFirstStart?: true;
}

export const REFUSED = '+12025550122';
export const NUMBER = '+12025550110';

export const random = (): string => randomBytes(6).toString('hex');

export const as =
  (role: 'ADMIN' | 'VIEWER', act: (client: HttpClient, app: TestApp) => Promise<Answer>) =>
  async (app: TestApp): Promise<Act> => {
    const client = await app.as(role);
    return () => act(client, app);
  };

export const isReady = async (client: HttpClient): Promise<boolean> =>
  (await client.get<{ data: { ready: boolean } }>('/whatsapp/status')).body.data.ready;

/** The session `default` is READY. */
export const link = async (app: TestApp): Promise<HttpClient> => {
  const admin = await app.as('ADMIN');
  await eventually(async () => {
    if (await isReady(admin)) return true;
    // A session that is linked already shows no code: it gets READY by being asked.
    const qr = await admin.get('/whatsapp/admin/qr-code');
    if (qr.status === 200) await admin.post('/v1/sandbox/default/scan');
    return isReady(admin);
  });
  return admin;
};

/** The session `default` shows a QR. */
export const unlink = async (app: TestApp): Promise<HttpClient> => {
  const admin = await link(app);
  await admin.post('/v1/sandbox/default/disconnect', { reason: 'logged-out' });
  await eventually(async () => (await admin.get('/whatsapp/admin/qr-code')).status === 200);
  return admin;
};

export const onLinked =
  (act: (admin: HttpClient, app: TestApp) => Promise<Answer>) =>
  async (app: TestApp): Promise<Act> => {
    const admin = await link(app);
    return () => act(admin, app);
  };

export const onPerson =
  (act: (person: Person, app: TestApp) => Promise<Answer>) =>
  async (app: TestApp): Promise<Act> => {
    const person = await app.addPerson('OPERATOR');
    return () => act(person, app);
  };

export const onUser =
  (act: (admin: HttpClient, person: Person) => Promise<Answer>) =>
  async (app: TestApp): Promise<Act> => {
    const admin = await app.as('ADMIN');
    const person = await app.addPerson('OPERATOR');
    return () => act(admin, person);
  };

/** Nobody known is refused, so there is nobody to write down. */
export const anonymous = (path: string): NonNullable<AuditRecipe['denial']> => ({
  act: (app) => Promise.resolve(() => app.client.post(path)),
  action: null,
});

export const refreshToken = async (app: TestApp): Promise<string> => {
  const { email, password } = await app.addPerson('OPERATOR');
  const { body } = await app.client.post<{ refreshToken: string }>('/v1/auth/login', { email, password });
  return body.refreshToken;
};

export const readMessageId = async (app: TestApp): Promise<string> => {
  const admin = await link(app);
  const { body } = await admin.post<{ id: string }>('/v1/messages', { to: NUMBER, text: 'Hello' });
  await eventually(async () => (await admin.get<{ status: string }>(`/v1/messages/${body.id}`)).body.status === 'READ');
  return body.id;
};

export const setupToken = async (app: TestApp): Promise<string> => {
  await app.app.get(SetupLink).announce('http://localhost:3030/');
  return (await readFile(join(app.dataDir, 'setup-link'), 'utf8')).trim().split('#token=')[1] ?? '';
};

export const notificationId = async (app: TestApp): Promise<string> => {
  const { id } = await app.person('ADMIN');
  const notification = `ntf_${random()}`;
  await app.query(
    `INSERT INTO notification (id, user_id, incident_id, kind, session_id, title, body)
     VALUES ($1, $2, $3, 'qr-needed', 'default', 'A title', 'A body')`,
    [notification, id, `inc_${random()}`],
  );
  return notification;
};

export const ADA = { to: NUMBER, text: 'Hello' };

/** A session of its own. */
export const session = async (admin: HttpClient, engine = 'sandbox'): Promise<string> => {
  const id = `s-${random()}`;
  await admin.post('/v1/sessions', { id, name: 'Recipe', engine });
  return id;
};

export const onSession =
  (act: (admin: HttpClient, id: string) => Promise<Answer>) =>
  async (app: TestApp): Promise<Act> => {
    const admin = await app.as('ADMIN');
    const id = await session(admin);
    return () => act(admin, id);
  };

export const made =
  (path: string, body: () => object, act: (admin: HttpClient, id: string) => Promise<Answer>) =>
  async (app: TestApp): Promise<Act> => {
    const admin = await app.as('ADMIN');
    const { id } = (await admin.post<{ id: string }>(path, body())).body;
    return () => act(admin, id);
  };

export const onSent =
  (act: (admin: HttpClient, id: string) => Promise<Answer>) =>
  async (app: TestApp): Promise<Act> => {
    const id = await readMessageId(app);
    const admin = await app.as('ADMIN');
    return () => act(admin, id);
  };

export const upload = (admin: HttpClient): Promise<Answer<{ id: string }>> => {
  const boundary = 'recipe';
  const part = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n`;
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
  return admin.call('/v1/media', { method: 'POST', rawBody: `${part}${random()}\r\n--${boundary}--\r\n`, headers });
};

export const aTemplate = (): { name: string; language: string; body: string } => ({
  name: `t_${random()}`,
  language: 'en',
  body: 'Hi {{name}}',
});
export const anOptOut = (): object => ({ phone: `+1202555${String(Math.floor(Math.random() * 9000) + 1000)}` });
