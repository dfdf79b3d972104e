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

  'GET /v1/audit': { codes: administrators(200) },
  'GET /v1/audit/verify': { codes: administrators(200) },
  'GET /v1/audit/export': { codes: administrators(200) },

  'GET /v1/messages': { codes: readers(200) },
  'GET /v1/messages/:id': { codes: readers(404), path: NO_MESSAGE },
  'POST /v1/messages': { codes: operators(400), texts: ['sessionId', 'to', 'type', 'text', 'onUncertain'] },

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
  'POST /v1/sandbox/:sessionId/receive': { codes: operators(400), path: `${SANDBOX}/receive`, texts: ['from', 'text'] },
  'POST /v1/sandbox/:sessionId/ack': { codes: operators(400), path: `${SANDBOX}/ack`, texts: ['messageId', 'status'] },
  'POST /v1/sandbox/:sessionId/disconnect': {
    codes: operators(400),
    path: `${SANDBOX}/disconnect`,
    texts: ['reason'],
  },
  'POST /v1/sandbox/:sessionId/behaviour': { codes: operators(400), path: `${SANDBOX}/behaviour` },
  'GET /v1/sandbox/:sessionId/outbox': { codes: operators(200, 404), path: `${SANDBOX}/outbox` },
};
