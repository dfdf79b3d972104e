/**
 * What another application imports: the server as a process with modules of its own in it, the module to inject
 * WhatsAppService from, the events and the two ways to listen to them, and the rules that its routes must state.
 */
export { type RunningWaypost, startWaypost, type WaypostOptions } from './bootstrap.js';
export { runServer } from './server-process.js';
export { createLogger, toNestLogger } from './platform/logging/logger.js';

export {
  type ConnectionState,
  type SentText,
  type WhatsAppCall,
  WhatsAppModule,
  WhatsAppService,
} from './modules/whatsapp/index.js';

export { Authenticated, CurrentPrincipal, type Principal, Public, RequirePermissions } from './modules/access/index.js';
export { IsPhoneNumberE164 } from './platform/http/is-phone-number.js';
export { AppError, type ErrorKind } from './kernel/errors/app-error.js';

export { type DomainEvent, defineEvent, type EventDefinition } from './kernel/events/event-definition.js';
export { OnDomainEvent } from './platform/events/event-bus.js';
export { ConsumerRunner } from './platform/events/consumer-runner.js';
export type { DurableConsumer } from './platform/events/durable-consumer.js';
export { type Transaction, Transactions } from './platform/prisma/transactions.js';
export {
  MessageAcknowledged,
  MessageFailed,
  MessageReceived,
  MessageSent,
  MessageUncertain,
} from './modules/messages/index.js';
export {
  SessionAuthenticated,
  SessionAuthFailed,
  SessionDisconnected,
  SessionQrShown,
  SessionReady,
  SessionReconnecting,
  SessionReconnectExhausted,
} from './modules/sessions/index.js';
