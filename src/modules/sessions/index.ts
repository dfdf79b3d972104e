/**
 * A linked number and its life. Owns the sessions, the status machine, QR codes, leases, reconnection and liveness. It
 * hands messages on to whoever announced itself as the receiver, and keeps none.
 */
export type { ConnectionStatus } from './domain/connection-status.js';
export {
  SessionAuthenticated,
  SessionAuthFailed,
  SessionDisconnected,
  SessionManuallyDisconnected,
  SessionQrShown,
  SessionReady,
  SessionReconnectExhausted,
  SessionReconnecting,
} from './domain/session.events.js';
export { DEFAULT_SESSION_ID, type Session } from './domain/session.js';
export { describeStatus } from './domain/status-message.js';
export { SessionRemovals } from './session-removals.js';
export { DEFAULT_CONFIRM_TIMEOUT_SECONDS } from './domain/session-settings.js';
export type { MessageReceiver } from './message-receiver.js';
export type { QrCode } from './qr-codes.js';
export { SessionNotReadyError } from './session.errors.js';
export type { ReadySession } from './ready-session.js';
export { SessionDirectory } from './session-directory.js';
export { SessionService } from './session.service.js';
export { SessionSupervisor } from './session-supervisor.js';
export { SessionsModule } from './sessions.module.js';
