import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { SetupLink } from '../../src/modules/identity/index.js';
import { eventually } from './eventually.js';
import type { Answer, HttpClient } from './http-client.js';
import type { Person, TestApp } from './test-app.js';

/** What is done, ready to be done. */
type Act = () => Promise<Answer>;

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

const REFUSED = '+12025550122';
const NUMBER = '+12025550110';

const random = (): string => randomBytes(6).toString('hex');

const as =
  (role: 'ADMIN' | 'VIEWER', act: (client: HttpClient, app: TestApp) => Promise<Answer>) =>
  async (app: TestApp): Promise<Act> => {
    const client = await app.as(role);
    return () => act(client, app);
  };

const isReady = async (client: HttpClient): Promise<boolean> =>
  (await client.get<{ data: { ready: boolean } }>('/whatsapp/status')).body.data.ready;

/** The session `default` is READY. */
const link = async (app: TestApp): Promise<HttpClient> => {
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
const unlink = async (app: TestApp): Promise<HttpClient> => {
  const admin = await link(app);
  await admin.post('/v1/sandbox/default/disconnect', { reason: 'logged-out' });
  await eventually(async () => (await admin.get('/whatsapp/admin/qr-code')).status === 200);
  return admin;
};

const onLinked =
  (act: (admin: HttpClient, app: TestApp) => Promise<Answer>) =>
  async (app: TestApp): Promise<Act> => {
    const admin = await link(app);
    return () => act(admin, app);
  };

const onPerson =
  (act: (person: Person, app: TestApp) => Promise<Answer>) =>
  async (app: TestApp): Promise<Act> => {
    const person = await app.addPerson('OPERATOR');
    return () => act(person, app);
  };

const onUser =
  (act: (admin: HttpClient, person: Person) => Promise<Answer>) =>
  async (app: TestApp): Promise<Act> => {
    const admin = await app.as('ADMIN');
    const person = await app.addPerson('OPERATOR');
    return () => act(admin, person);
  };

/** Nobody known is refused, so there is nobody to write down. */
const anonymous = (path: string): NonNullable<AuditRecipe['denial']> => ({
  act: (app) => Promise.resolve(() => app.client.post(path)),
  action: null,
});

const refreshToken = async (app: TestApp): Promise<string> => {
  const { email, password } = await app.addPerson('OPERATOR');
  const { body } = await app.client.post<{ refreshToken: string }>('/v1/auth/login', { email, password });
  return body.refreshToken;
};

const readMessageId = async (app: TestApp): Promise<string> => {
  const admin = await link(app);
  const { body } = await admin.post<{ id: string }>('/v1/messages', { to: NUMBER, text: 'Hello' });
  await eventually(async () => (await admin.get<{ status: string }>(`/v1/messages/${body.id}`)).body.status === 'READ');
  return body.id;
};

const setupToken = async (app: TestApp): Promise<string> => {
  await app.app.get(SetupLink).announce('http://localhost:3030/');
  return (await readFile(join(app.dataDir, 'setup-link'), 'utf8')).trim().split('#token=')[1] ?? '';
};

const notificationId = async (app: TestApp): Promise<string> => {
  const { id } = await app.person('ADMIN');
  const notification = `ntf_${random()}`;
  await app.query(
    `INSERT INTO notification (id, user_id, incident_id, kind, session_id, title, body)
     VALUES ($1, $2, $3, 'qr-needed', 'default', 'A title', 'A body')`,
    [notification, id, `inc_${random()}`],
  );
  return notification;
};

const ADA = { to: NUMBER, text: 'Hello' };

/** A sandbox session of its own. */
const session = async (admin: HttpClient): Promise<string> => {
  const id = `s-${random()}`;
  await admin.post('/v1/sessions', { id, name: 'Recipe', engine: 'sandbox' });
  return id;
};

const onSession =
  (act: (admin: HttpClient, id: string) => Promise<Answer>) =>
  async (app: TestApp): Promise<Act> => {
    const admin = await app.as('ADMIN');
    const id = await session(admin);
    return () => act(admin, id);
  };

const made =
  (path: string, body: () => object, act: (admin: HttpClient, id: string) => Promise<Answer>) =>
  async (app: TestApp): Promise<Act> => {
    const admin = await app.as('ADMIN');
    const { id } = (await admin.post<{ id: string }>(path, body())).body;
    return () => act(admin, id);
  };

const onSent =
  (act: (admin: HttpClient, id: string) => Promise<Answer>) =>
  async (app: TestApp): Promise<Act> => {
    const id = await readMessageId(app);
    const admin = await app.as('ADMIN');
    return () => act(admin, id);
  };

const upload = (admin: HttpClient): Promise<Answer<{ id: string }>> => {
  const boundary = 'recipe';
  const part = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n`;
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
  return admin.call('/v1/media', { method: 'POST', rawBody: `${part}${random()}\r\n--${boundary}--\r\n`, headers });
};

const aTemplate = (): { name: string; language: string; body: string } => ({
  name: `t_${random()}`,
  language: 'en',
  body: 'Hi {{name}}',
});
const anOptOut = (): object => ({ phone: `+1202555${String(Math.floor(Math.random() * 9000) + 1000)}` });

/** How each mutating route is called so that it succeeds, and so that it is denied: a new one comes with its recipe. */
export const AUDIT_RECIPES: Readonly<Record<string, AuditRecipe>> = {
  'POST /setup': {
    isFirstStart: true,
    action: 'setup.complete',
    success: async (app) => {
      const token = await setupToken(app);
      return () => app.client.post('/setup', { token, email: 'first@example.org', password: 'a plain long phrase' });
    },
    denial: {
      action: 'setup.complete',
      act: async (app) => {
        await setupToken(app);
        const body = { token: `wps_${random()}`, email: 'first@example.org', password: 'a plain long phrase' };
        return () => app.client.post('/setup', body);
      },
    },
  },
  'POST /v1/auth/login': {
    action: 'auth.login',
    success: onPerson(({ email, password }, app) => app.client.post('/v1/auth/login', { email, password })),
    denial: {
      action: 'auth.login-failed',
      act: onPerson(({ email }, app) => app.client.post('/v1/auth/login', { email, password: 'not this one' })),
    },
  },
  'POST /v1/auth/refresh': {
    action: 'auth.refresh',
    success: async (app) => {
      const token = await refreshToken(app);
      return () => app.client.post('/v1/auth/refresh', { refreshToken: token });
    },
    denial: {
      action: 'auth.refresh-reuse',
      act: async (app) => {
        const token = await refreshToken(app);
        await app.client.post('/v1/auth/refresh', { refreshToken: token });
        return () => app.client.post('/v1/auth/refresh', { refreshToken: token });
      },
    },
  },
  'POST /v1/auth/logout': {
    action: 'auth.logout',
    success: onPerson(({ client }) => client.post('/v1/auth/logout')),
    denial: anonymous('/v1/auth/logout'),
  },
  'POST /v1/auth/logout-everywhere': {
    action: 'auth.logout-everywhere',
    success: onPerson(({ client }) => client.post('/v1/auth/logout-everywhere')),
    denial: anonymous('/v1/auth/logout-everywhere'),
  },
  'POST /v1/auth/password': {
    action: 'auth.password-change',
    success: onPerson(({ client, password }) =>
      client.post('/v1/auth/password', { currentPassword: password, newPassword: `new ${random()}` }),
    ),
    denial: {
      action: 'auth.password-change',
      act: onPerson(({ client }) =>
        client.post('/v1/auth/password', { currentPassword: 'not this one', newPassword: `new ${random()}` }),
      ),
    },
  },
  'POST /v1/users': {
    action: 'users.create',
    success: as('ADMIN', (admin) =>
      admin.post('/v1/users', { email: `${random()}@example.org`, name: 'New', role: 'VIEWER' }),
    ),
  },
  'PATCH /v1/users/:id': {
    action: 'users.update',
    success: onUser((admin, { id }) => admin.patch(`/v1/users/${id}`, { name: 'Other' })),
  },
  'DELETE /v1/users/:id': {
    action: 'users.delete',
    success: onUser((admin, { id }) => admin.delete(`/v1/users/${id}`)),
  },
  'POST /v1/messages': {
    action: 'messages.send',
    success: onLinked((admin) => admin.post('/v1/messages', { to: REFUSED, text: 'Hello' })),
  },
  'POST /v1/messages/:id/cancel': {
    action: 'messages.cancel',
    success: async (app) => {
      const admin = await link(app);
      const later = { ...ADA, scheduledAt: new Date(Date.now() + 3_600_000) };
      const { id } = (await admin.post<{ id: string }>('/v1/messages', later)).body;
      return () => admin.post(`/v1/messages/${id}/cancel`);
    },
  },
  'POST /v1/messages/:id/retry': {
    action: 'messages.retry',
    success: async (app) => {
      const admin = await link(app);
      const { id } = (await admin.post<{ id: string }>('/v1/messages', { to: REFUSED, text: 'Hello' })).body;
      await eventually(
        async () => (await admin.get<{ status: string }>(`/v1/messages/${id}`)).body.status === 'FAILED',
      );
      return () => admin.post(`/v1/messages/${id}/retry`);
    },
  },
  'POST /v1/messages/:id/edit': {
    action: 'messages.send',
    success: onSent((admin, id) => admin.post(`/v1/messages/${id}/edit`, { text: 'Better' })),
  },
  'POST /v1/messages/:id/revoke': {
    action: 'messages.send',
    success: onSent((admin, id) => admin.post(`/v1/messages/${id}/revoke`)),
  },
  'POST /v1/messages/:id/forward': {
    action: 'messages.send',
    success: onSent((admin, id) => admin.post(`/v1/messages/${id}/forward`, { to: NUMBER })),
  },
  'POST /v1/api-keys': {
    action: 'api-keys.create',
    success: as('ADMIN', (admin) => admin.post('/v1/api-keys', { name: 'A key', scopes: ['messages:read'] })),
  },
  'DELETE /v1/api-keys/:id': {
    action: 'api-keys.revoke',
    success: made(
      '/v1/api-keys',
      () => ({ name: 'A key', scopes: ['messages:read'] }),
      (admin, id) => admin.delete(`/v1/api-keys/${id}`),
    ),
  },
  'POST /v1/sessions': {
    action: 'sessions.create',
    success: as('ADMIN', (admin) =>
      admin.post('/v1/sessions', { id: `s-${random()}`, name: 'New', engine: 'sandbox' }),
    ),
  },
  'PATCH /v1/sessions/:id': {
    action: 'sessions.update',
    success: onSession((admin, id) => admin.patch(`/v1/sessions/${id}`, { name: 'Other' })),
  },
  'DELETE /v1/sessions/:id': {
    action: 'sessions.delete',
    success: onSession((admin, id) => admin.delete(`/v1/sessions/${id}`)),
  },
  'POST /v1/sessions/:id/start': {
    action: 'sessions.start',
    success: onSession((admin, id) => admin.post(`/v1/sessions/${id}/start`)),
  },
  'POST /v1/sessions/:id/stop': {
    action: 'sessions.disconnect',
    success: onSession((admin, id) => admin.post(`/v1/sessions/${id}/stop`)),
  },
  'POST /v1/sessions/:id/logout': {
    action: 'sessions.logout',
    success: onSession((admin, id) => admin.post(`/v1/sessions/${id}/logout`)),
  },
  'POST /v1/sessions/:id/reconnect': {
    action: 'sessions.reconnect',
    success: onSession((admin, id) => admin.post(`/v1/sessions/${id}/reconnect`)),
  },
  'POST /v1/sessions/:id/pairing-code': {
    action: 'sessions.pairing-code',
    success: async (app) => {
      const admin = await unlink(app);
      return () => admin.post('/v1/sessions/default/pairing-code', { phone: NUMBER });
    },
  },
  'POST /v1/sessions/:id/chats/:chat/read': {
    action: 'sessions.mark-read',
    success: onLinked((admin) => admin.post(`/v1/sessions/default/chats/${NUMBER}/read`)),
  },
  'POST /v1/sessions/:id/chats/:chat/typing': {
    action: 'sessions.typing',
    success: onLinked((admin) => admin.post(`/v1/sessions/default/chats/${NUMBER}/typing`, { state: 'composing' })),
  },
  'POST /v1/media': { action: 'media.upload', success: as('ADMIN', upload) },
  'DELETE /v1/media/:id': {
    action: 'media.delete',
    success: async (app) => {
      const admin = await app.as('ADMIN');
      const { id } = (await upload(admin)).body;
      return () => admin.delete(`/v1/media/${id}`);
    },
  },
  'POST /v1/media/cleanup': {
    action: 'media.cleanup',
    success: as('ADMIN', (admin) => admin.post('/v1/media/cleanup', { dryRun: true })),
  },
  'POST /v1/opt-outs': {
    action: 'opt-outs.create',
    success: as('ADMIN', (admin) => admin.post('/v1/opt-outs', anOptOut())),
  },
  'DELETE /v1/opt-outs/:id': {
    action: 'opt-outs.delete',
    success: made('/v1/opt-outs', anOptOut, (admin, id) => admin.delete(`/v1/opt-outs/${id}`)),
  },
  'POST /v1/templates': {
    action: 'templates.create',
    success: as('ADMIN', (admin) => admin.post('/v1/templates', aTemplate())),
  },
  'PUT /v1/templates/:id': {
    action: 'templates.replace',
    success: made('/v1/templates', aTemplate, (admin, id) =>
      admin.call(`/v1/templates/${id}`, { method: 'PUT', body: aTemplate() }),
    ),
  },
  'DELETE /v1/templates/:id': {
    action: 'templates.delete',
    success: made('/v1/templates', aTemplate, (admin, id) => admin.delete(`/v1/templates/${id}`)),
  },
  'POST /v1/notifications/:id/read': {
    action: 'notifications.read',
    success: async (app) => {
      const admin = await app.as('ADMIN');
      const id = await notificationId(app);
      return () => admin.post(`/v1/notifications/${id}/read`);
    },
    denial: anonymous('/v1/notifications/ntf_0/read'),
  },
  'POST /whatsapp/send': {
    action: 'messages.send',
    success: onLinked((admin) => admin.post('/whatsapp/send', { phone: NUMBER, message: 'Hello' })),
  },
  'POST /whatsapp/disconnect': {
    action: 'sessions.disconnect',
    success: onLinked((admin) => admin.post('/whatsapp/disconnect')),
  },
  'POST /whatsapp/reconnect': {
    action: 'sessions.reconnect',
    success: onLinked((admin) => admin.post('/whatsapp/reconnect')),
  },
  'POST /v1/sandbox/:sessionId/scan': {
    action: 'sandbox.scan',
    success: async (app) => {
      const admin = await unlink(app);
      return () => admin.post('/v1/sandbox/default/scan');
    },
  },
  'POST /v1/sandbox/:sessionId/receive': {
    action: 'sandbox.receive',
    success: onLinked((admin) => admin.post('/v1/sandbox/default/receive', { from: NUMBER, text: 'Hi' })),
  },
  'POST /v1/sandbox/:sessionId/ack': {
    action: 'sandbox.ack',
    success: async (app) => {
      const messageId = await readMessageId(app);
      const admin = await app.as('ADMIN');
      return () => admin.post('/v1/sandbox/default/ack', { messageId, status: 'READ' });
    },
  },
  'POST /v1/sandbox/:sessionId/pair': {
    action: 'sandbox.pair',
    success: async (app) => {
      const admin = await unlink(app);
      const { code } = (await admin.post<{ code: string }>('/v1/sessions/default/pairing-code', { phone: NUMBER }))
        .body;
      return () => admin.post('/v1/sandbox/default/pair', { code });
    },
  },
  'POST /v1/sandbox/:sessionId/change': {
    action: 'sandbox.change',
    success: onLinked((admin) =>
      admin.post('/v1/sandbox/default/change', { kind: 'called', providerMessageId: random(), from: NUMBER }),
    ),
  },
  'POST /v1/sandbox/:sessionId/disconnect': {
    action: 'sandbox.disconnect',
    success: onLinked((admin) => admin.post('/v1/sandbox/default/disconnect', { reason: 'logged-out' })),
  },
  'POST /v1/sandbox/:sessionId/behaviour': {
    action: 'sandbox.behaviour',
    success: onLinked((admin) => admin.post('/v1/sandbox/default/behaviour', { sendDelayMs: 1 })),
  },
};
