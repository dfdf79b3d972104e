/** Who calls: `other` is an operator to whom another session was granted, `revoked` one whose access has ended. */
export const ACTORS = ['anonymous', 'revoked', 'ADMIN', 'OPERATOR', 'VIEWER', 'other'] as const;
export type Actor = (typeof ACTORS)[number];

/** What each of them is answered to the probe of a row. */
export type Codes = Readonly<Record<Actor, number>>;

export interface RouteRow {
  readonly codes: Codes;
  /** The route with its parameters filled in; the route itself when it has none. */
  readonly path?: string;
  /** Sent with POST, PUT and PATCH; by default a body that nobody may act on. */
  readonly body?: unknown;
  /** The probe ends the sign-in, so each actor needs one of its own. */
  readonly endsSignIn?: true;
  /** Members of the body that are text: any other type must be refused. */
  readonly texts?: readonly string[];
  /** The route takes no body. */
  readonly hasNoBody?: true;
  /** The route takes what is signed, as it came: who signs is known, and what it says is never refused. */
  readonly isSigned?: true;
}

const everybody = (code: number): Codes => ({
  anonymous: code,
  revoked: code,
  ADMIN: code,
  OPERATOR: code,
  VIEWER: code,
  other: code,
});

const signedIn = (code: number): Codes => ({ ...everybody(code), anonymous: 401, revoked: 401 });

const administrators = (code: number): Codes => ({ ...signedIn(403), ADMIN: code });

/** On the session `default`, which the actor `other` was not granted. */
const operators = (code: number, other = code): Codes => ({ ...signedIn(403), ADMIN: code, OPERATOR: code, other });

const readers = (code: number, other = code): Codes => ({ ...signedIn(code), other });

const monitors = (code: number): Codes => ({ ...signedIn(403), ADMIN: code, VIEWER: code });

const NO_USER = '/v1/users/usr_00000000000000000000000000';
const NO_MESSAGE = '/v1/messages/msg_00000000000000000000000000';
const SANDBOX = '/v1/sandbox/default';
const SESSION = '/v1/sessions/default';
const NO_KEY = '/v1/api-keys/key_00000000000000000000000000';
const NO_MEDIA = '/v1/media/med_00000000000000000000000000';
const NO_OPT_OUT = '/v1/opt-outs/opt_00000000000000000000000000';
const NO_BATCH = '/v1/batches/bat_00000000000000000000000000';
const NO_TEMPLATE = '/v1/templates/tpl_00000000000000000000000000';

/**
 * Who may call what, reviewed by people and checked against the router: a route that is not here fails the build.
 * A new route comes with its row.
 */
export const ROUTE_TABLE: Readonly<Record<string, RouteRow>> = {
  'GET /health': { codes: everybody(200) },
  'GET /health/live': { codes: everybody(200) },
  'GET /health/ready': { codes: everybody(200) },
  'GET /metrics': { codes: monitors(200) },
  'GET /openapi.json': { codes: signedIn(200) },

  'GET /console/setup': { codes: everybody(200) },
  'GET /console/setup.css': { codes: everybody(200) },
  'GET /console/setup.js': { codes: everybody(200) },

  'POST /setup': { codes: everybody(400), texts: ['token', 'email', 'password', 'name'] },

  'POST /v1/auth/login': { codes: everybody(400), texts: ['email', 'password'] },
  'POST /v1/auth/refresh': { codes: everybody(401), body: {}, texts: ['refreshToken'] },
  'POST /v1/auth/logout': { codes: signedIn(204), endsSignIn: true, hasNoBody: true },
  'POST /v1/auth/logout-everywhere': { codes: signedIn(204), endsSignIn: true, hasNoBody: true },
  'GET /v1/auth/me': { codes: signedIn(200) },
  'POST /v1/auth/password': { codes: signedIn(400), texts: ['currentPassword', 'newPassword'] },

  'GET /v1/users': { codes: administrators(200) },
  'POST /v1/users': { codes: administrators(400), texts: ['email', 'name', 'role', 'password'] },
  'GET /v1/users/:id': { codes: administrators(404), path: NO_USER },
  'PATCH /v1/users/:id': { codes: administrators(404), path: NO_USER, body: {}, texts: ['name', 'role', 'password'] },
  'DELETE /v1/users/:id': { codes: administrators(404), path: NO_USER },

  // An answer without an end: how it is read is for its own tests.
  'GET /v1/events': { codes: readers(400), path: '/v1/events?types=%20' },
  'GET /v1/usage': { codes: readers(200) },

  'GET /v1/audit': { codes: administrators(200) },
  'GET /v1/audit/verify': { codes: administrators(200) },
  'GET /v1/audit/export': { codes: administrators(200) },

  'GET /v1/api-keys': { codes: administrators(200) },
  'POST /v1/api-keys': { codes: administrators(400), texts: ['name', 'expiresAt'] },
  'GET /v1/api-keys/:id': { codes: administrators(404), path: NO_KEY },
  'DELETE /v1/api-keys/:id': { codes: administrators(404), path: NO_KEY },

  'GET /v1/sessions': { codes: readers(200) },
  'POST /v1/sessions': { codes: administrators(400), texts: ['id', 'name', 'engine'] },
  'GET /v1/sessions/:id': { codes: readers(200, 404), path: SESSION },
  'PATCH /v1/sessions/:id': { codes: administrators(200), path: SESSION, body: {}, texts: ['name'] },
  'DELETE /v1/sessions/:id': { codes: administrators(409), path: SESSION },
  'GET /v1/sessions/:id/status': { codes: readers(200, 404), path: `${SESSION}/status` },
  'POST /v1/sessions/:id/start': { codes: operators(202, 404), path: `${SESSION}/start`, hasNoBody: true },
  'POST /v1/sessions/:id/stop': { codes: operators(202, 404), path: `${SESSION}/stop`, hasNoBody: true },
  'POST /v1/sessions/:id/logout': { codes: operators(202, 404), path: `${SESSION}/logout`, hasNoBody: true },
  'POST /v1/sessions/:id/reconnect': { codes: operators(400), path: `${SESSION}/reconnect` },
  'GET /v1/sessions/:id/qr': { codes: operators(404), path: '/v1/sessions/no-such-session/qr' },
  'GET /v1/sessions/:id/qr/image': { codes: operators(404), path: '/v1/sessions/no-such-session/qr/image' },
  'POST /v1/sessions/:id/pairing-code': {
    codes: operators(400),
    path: `${SESSION}/pairing-code`,
    texts: ['phone'],
  },
  'GET /v1/sessions/:id/numbers/:phone': { codes: readers(404), path: '/v1/sessions/no-such/numbers/+12025550110' },
  'GET /v1/sessions/:id/profile': { codes: readers(404), path: '/v1/sessions/no-such/profile' },
  'GET /v1/sessions/:id/contacts': { codes: readers(404), path: '/v1/sessions/no-such/contacts' },
  'GET /v1/sessions/:id/contacts/:phone': { codes: readers(404), path: '/v1/sessions/no-such/contacts/+12025550110' },
  'GET /v1/sessions/:id/groups': { codes: readers(404), path: '/v1/sessions/no-such/groups' },
  'POST /v1/sessions/:id/chats/:chat/read': {
    codes: operators(404),
    path: '/v1/sessions/no-such/chats/+12025550110/read',
    hasNoBody: true,
  },
  'POST /v1/sessions/:id/chats/:chat/typing': {
    codes: operators(400),
    path: '/v1/sessions/no-such/chats/+12025550110/typing',
    texts: ['state'],
  },

  'GET /v1/sessions/:id/cloud': { codes: readers(404), path: '/v1/sessions/no-such/cloud' },
  'PUT /v1/sessions/:id/cloud': {
    codes: administrators(400),
    path: `${SESSION}/cloud`,
    texts: ['phoneNumberId', 'accountId', 'accessToken', 'appSecret', 'verifyToken'],
  },

  // Meta calls them; a handshake without its token is refused, and so is what is not signed.
  'GET /webhook': { codes: everybody(403) },
  'GET /webhook/:sessionId': { codes: everybody(403), path: '/webhook/default' },
  'POST /webhook': { codes: everybody(401), isSigned: true },
  'POST /webhook/:sessionId': { codes: everybody(401), path: '/webhook/default', isSigned: true },

  'POST /v1/media': { codes: operators(400) },
  'GET /v1/media': { codes: readers(200) },
  'GET /v1/media/:id': { codes: readers(404), path: NO_MEDIA },
  'GET /v1/media/:id/info': { codes: readers(404), path: `${NO_MEDIA}/info` },
  'DELETE /v1/media/:id': { codes: operators(404), path: NO_MEDIA },
  'POST /v1/media/cleanup': { codes: administrators(400) },

  'GET /v1/opt-outs': { codes: readers(200) },
  'POST /v1/opt-outs': { codes: operators(400), texts: ['phone', 'sessionId', 'reason'] },
  'GET /v1/opt-outs/:id': { codes: readers(404), path: NO_OPT_OUT },
  'DELETE /v1/opt-outs/:id': { codes: operators(404), path: NO_OPT_OUT },

  'GET /v1/templates': { codes: readers(200) },
  'POST /v1/templates': { codes: operators(400), texts: ['name', 'language', 'body', 'sessionId'] },
  'GET /v1/templates/:id': { codes: readers(404), path: NO_TEMPLATE },
  'PUT /v1/templates/:id': { codes: operators(400), path: NO_TEMPLATE, texts: ['name', 'language', 'body'] },
  'DELETE /v1/templates/:id': { codes: operators(404), path: NO_TEMPLATE },
  'POST /v1/templates/:id/preview': { codes: readers(400), path: `${NO_TEMPLATE}/preview` },

  'POST /v1/messages/bulk': { codes: operators(400), texts: ['sessionId', 'text', 'onUncertain'] },
  'GET /v1/batches': { codes: readers(200) },
  'GET /v1/batches/:id': { codes: readers(404), path: NO_BATCH },
  'GET /v1/batches/:id/result.csv': { codes: readers(404), path: `${NO_BATCH}/result.csv` },
  'POST /v1/batches/:id/pause': { codes: operators(404), path: `${NO_BATCH}/pause`, hasNoBody: true },
  'POST /v1/batches/:id/resume': { codes: operators(404), path: `${NO_BATCH}/resume`, hasNoBody: true },
  'POST /v1/batches/:id/cancel': { codes: operators(404), path: `${NO_BATCH}/cancel`, hasNoBody: true },

  'GET /v1/messages': { codes: readers(200) },
  'GET /v1/messages/export.csv': { codes: readers(200) },
  'POST /v1/messages/cleanup': { codes: administrators(400) },
  'GET /v1/messages/:id': { codes: readers(404), path: NO_MESSAGE },
  'POST /v1/messages': {
    codes: operators(400),
    texts: ['sessionId', 'to', 'type', 'text', 'onUncertain', 'replyTo', 'scheduledAt', 'expiresAt'],
  },
  'POST /v1/messages/:id/cancel': { codes: operators(404), path: `${NO_MESSAGE}/cancel`, hasNoBody: true },
  'POST /v1/messages/:id/retry': { codes: operators(404), path: `${NO_MESSAGE}/retry`, hasNoBody: true },
  'POST /v1/messages/:id/edit': { codes: operators(400), path: `${NO_MESSAGE}/edit`, texts: ['text'] },
  'POST /v1/messages/:id/revoke': { codes: operators(404), path: `${NO_MESSAGE}/revoke`, hasNoBody: true },
  'POST /v1/messages/:id/forward': { codes: operators(400), path: `${NO_MESSAGE}/forward`, texts: ['to'] },

  'GET /v1/notifications': { codes: signedIn(200) },
  'POST /v1/notifications/:id/read': {
    codes: signedIn(404),
    path: '/v1/notifications/ntf_00000000000000000000000000/read',
    hasNoBody: true,
  },

  'GET /whatsapp/status': { codes: administrators(200) },
  'GET /whatsapp/connection-status': { codes: administrators(200) },
  'GET /whatsapp/is-authenticated': { codes: administrators(200) },
  'GET /whatsapp/qr': { codes: administrators(200) },
  'GET /whatsapp/admin/qr-code': { codes: administrators(200) },
  'POST /whatsapp/send': { codes: administrators(400), texts: ['phone', 'message'] },
  'POST /whatsapp/disconnect': { codes: administrators(200), hasNoBody: true },
  'POST /whatsapp/reconnect': { codes: administrators(400) },

  'POST /v1/sandbox/:sessionId/scan': { codes: operators(400), path: `${SANDBOX}/scan`, texts: ['phone'] },
  'POST /v1/sandbox/:sessionId/receive': {
    codes: operators(400),
    path: `${SANDBOX}/receive`,
    texts: ['from', 'text', 'type', 'group', 'replyTo', 'id'],
  },
  'POST /v1/sandbox/:sessionId/edit': {
    codes: operators(400),
    path: `${SANDBOX}/edit`,
    texts: ['providerMessageId', 'text'],
  },
  'POST /v1/sandbox/:sessionId/revoke': {
    codes: operators(400),
    path: `${SANDBOX}/revoke`,
    texts: ['providerMessageId'],
  },
  'POST /v1/sandbox/:sessionId/reaction': {
    codes: operators(400),
    path: `${SANDBOX}/reaction`,
    texts: ['providerMessageId', 'from', 'emoji'],
  },
  'POST /v1/sandbox/:sessionId/call': { codes: operators(400), path: `${SANDBOX}/call`, texts: ['from', 'id'] },
  'POST /v1/sandbox/:sessionId/groups': { codes: operators(400), path: `${SANDBOX}/groups`, texts: ['name'] },
  'POST /v1/sandbox/:sessionId/ack': { codes: operators(400), path: `${SANDBOX}/ack`, texts: ['messageId', 'status'] },
  'POST /v1/sandbox/:sessionId/disconnect': {
    codes: operators(400),
    path: `${SANDBOX}/disconnect`,
    texts: ['reason'],
  },
  'POST /v1/sandbox/:sessionId/behaviour': { codes: operators(400), path: `${SANDBOX}/behaviour` },
  'POST /v1/sandbox/:sessionId/pair': { codes: operators(400), path: `${SANDBOX}/pair`, texts: ['code'] },
  'GET /v1/sandbox/:sessionId/actions': { codes: operators(404), path: '/v1/sandbox/no-such/actions' },
  'GET /v1/sandbox/:sessionId/outbox': { codes: operators(200, 404), path: `${SANDBOX}/outbox` },
};
