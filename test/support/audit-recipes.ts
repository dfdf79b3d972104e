import {
  ADA,
  anonymous,
  anOptOut,
  as,
  aTemplate,
  type AuditRecipe,
  link,
  made,
  notificationId,
  NUMBER,
  onLinked,
  onPerson,
  onSent,
  onSession,
  onUser,
  random,
  refreshToken,
  REFUSED,
  session,
  setupToken,
  unlink,
  upload,
} from './audit-acts.js';
import { BATCH_RECIPES } from './audit-batch-recipes.js';
import { SANDBOX_RECIPES } from './audit-sandbox-recipes.js';
import { eventually } from './eventually.js';

export type { AuditRecipe } from './audit-acts.js';

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
  'PUT /v1/sessions/:id/cloud': {
    action: 'sessions.cloud-credentials',
    success: async (app) => {
      const admin = await app.as('ADMIN');
      const id = await session(admin, 'cloud');
      const [accessToken, appSecret, verifyToken] = [random(), random(), random()];
      const body = { phoneNumberId: String(Date.now()), accountId: '1', accessToken, appSecret, verifyToken };
      return () => admin.call(`/v1/sessions/${id}/cloud`, { method: 'PUT', body });
    },
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
  'POST /v1/messages/cleanup': {
    action: 'messages.cleanup',
    success: as('ADMIN', (admin) => admin.post('/v1/messages/cleanup', { dryRun: true })),
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
  ...BATCH_RECIPES,
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
  ...SANDBOX_RECIPES,
};
