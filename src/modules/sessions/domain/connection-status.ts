/** Where a session can go from each status. The single source for the transition check and the docs. */
export const CONNECTION_TRANSITIONS = {
  DISCONNECTED: ['CONNECTING'],
  CONNECTING: ['QR_READY', 'AUTHENTICATED', 'READY', 'AUTH_FAILURE', 'DISCONNECTED'],
  QR_READY: ['AUTHENTICATED', 'AUTH_FAILURE', 'DISCONNECTED'],
  AUTHENTICATED: ['READY', 'AUTH_FAILURE', 'DISCONNECTED'],
  READY: ['AUTH_FAILURE', 'DISCONNECTED'],
  AUTH_FAILURE: ['CONNECTING', 'DISCONNECTED'],
} as const satisfies Record<string, readonly string[]>;

export type ConnectionStatus = keyof typeof CONNECTION_TRANSITIONS;

export const CONNECTION_STATUSES = Object.keys(CONNECTION_TRANSITIONS) as readonly ConnectionStatus[];

export const canMove = (from: ConnectionStatus, to: ConnectionStatus): boolean =>
  (CONNECTION_TRANSITIONS[from] as readonly ConnectionStatus[]).includes(to);
