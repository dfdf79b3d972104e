/**
 * The front door: `WhatsAppService` for other modules and `/whatsapp/*` for administrators, both on the session
 * `default` unless another is named. It owns nothing; what it does is done by sessions and messages.
 */
export { WhatsAppModule } from './whatsapp.module.js';
export { type ConnectionState, type SentText, type WhatsAppCall, WhatsAppService } from './whatsapp.service.js';
