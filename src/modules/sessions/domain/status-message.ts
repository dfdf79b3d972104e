import type { ConnectionStatus } from './connection-status.js';
import type { Session } from './session.js';

const MESSAGES = {
  DISCONNECTED: 'WhatsApp is not connected. Ask for a QR code or reconnect.',
  CONNECTING: 'WhatsApp is connecting.',
  QR_READY: 'Scan the QR code with the phone.',
  AUTHENTICATED: 'The number is linked; WhatsApp is getting ready.',
  READY: 'WhatsApp is connected and ready.',
  AUTH_FAILURE: 'The number could not be linked.',
} as const satisfies Record<ConnectionStatus, string>;

/** A status in one or two sentences, with the reason where there is one. */
export const describeStatus = ({ status, reason }: Pick<Session, 'status' | 'reason'>): string =>
  reason === null ? MESSAGES[status] : `${MESSAGES[status]} ${reason}`;
