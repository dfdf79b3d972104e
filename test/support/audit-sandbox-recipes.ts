import { type AuditRecipe, NUMBER, onLinked, random, readMessageId, unlink } from './audit-acts.js';

export const SANDBOX_RECIPES: Readonly<Record<string, AuditRecipe>> = {
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
  'POST /v1/sandbox/:sessionId/edit': {
    action: 'sandbox.edit',
    success: onLinked((admin) =>
      admin.post('/v1/sandbox/default/edit', { providerMessageId: random(), text: 'better' }),
    ),
  },
  'POST /v1/sandbox/:sessionId/revoke': {
    action: 'sandbox.revoke',
    success: onLinked((admin) => admin.post('/v1/sandbox/default/revoke', { providerMessageId: random() })),
  },
  'POST /v1/sandbox/:sessionId/reaction': {
    action: 'sandbox.reaction',
    success: onLinked((admin) =>
      admin.post('/v1/sandbox/default/reaction', { providerMessageId: random(), from: NUMBER, emoji: '🎉' }),
    ),
  },
  'POST /v1/sandbox/:sessionId/call': {
    action: 'sandbox.call',
    success: onLinked((admin) => admin.post('/v1/sandbox/default/call', { from: NUMBER })),
  },
  'POST /v1/sandbox/:sessionId/groups': {
    action: 'sandbox.group',
    success: onLinked((admin) => admin.post('/v1/sandbox/default/groups', { name: 'Friends', participants: [NUMBER] })),
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
