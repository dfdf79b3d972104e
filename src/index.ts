/**
 * What another application imports: the module to inject WhatsAppService from, the way to start the server with modules
 * of its own in it, the events, and the rules that its routes must state.
 */
export { type RunningWaypost, startWaypost, type WaypostOptions } from './bootstrap.js';
export type { DomainEvent } from './kernel/events/event-definition.js';
export { Authenticated, Public, RequirePermissions } from './modules/access/index.js';
export {
  MessageAcknowledged,
  MessageFailed,
  MessageReceived,
  MessageSent,
  MessageUncertain,
} from './modules/messages/index.js';
export { SessionDisconnected, SessionQrShown, SessionReady } from './modules/sessions/index.js';
export { WhatsAppModule, WhatsAppService } from './modules/whatsapp/index.js';
export { OnDomainEvent } from './platform/events/event-bus.js';
export { createLogger, toNestLogger } from './platform/logging/logger.js';
