/**
 * The roads to WhatsApp. Owns the port `WhatsAppEngine` and its adapters; each proves itself by the conformance suite.
 * It knows no sessions in the database and no messages: it takes commands and reports what happens.
 */
export { EnginesModule } from './engines.module.js';
export { EngineRegistry } from './engine.registry.js';
export { EngineSessions } from './engine-sessions.js';
export type { EngineCapability } from './engine.capabilities.js';
export { INBOUND_TYPES } from './engine.content.js';
export type {
  DownloadedMedia,
  InboundContent,
  MessageReference,
  OutboundContent,
  OutboundMedia,
} from './engine.content.js';
export {
  EngineUnavailableError,
  FileTooLargeError,
  SendDeferredError,
  SendRefusedError,
  SessionNotConnectedError,
} from './engine.errors.js';
export type {
  Ack,
  Contact,
  EngineHandle,
  EngineName,
  EngineReports,
  Group,
  InboundChange,
  InboundMessage,
  LinkedNumber,
  LossCause,
  NumberCheck,
  Profile,
  SentMessage,
  SentTry,
  TypingState,
  WhatsAppEngine,
} from './engine.port.js';
export { containWebRejections } from './web/library-rejections.js';
export { readSessionMemory, type SessionMemory } from './web/session-memory.js';
