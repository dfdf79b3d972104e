import { defineEvent } from '../../../kernel/events/event-definition.js';

/** A QR can be scanned. The QR itself is a credential and stays out of events. */
export const SessionQrShown = defineEvent<{ requested: boolean }>()('whatsapp.qr');
export const SessionAuthenticated = defineEvent<Record<string, never>>()('whatsapp.authenticated');
export const SessionReady = defineEvent<{ phone: string; name: string | null }>()('whatsapp.ready');
export const SessionAuthFailed = defineEvent<{ reason: string }>()('whatsapp.auth_failure');
export const SessionDisconnected = defineEvent<{
  reason: string;
  cause: 'connection' | 'logged-out' | 'qr-exhausted' | 'manual';
}>()('whatsapp.disconnected');
export const SessionReconnecting = defineEvent<{ attempt: number; delayMs: number }>()('whatsapp.reconnecting');
export const SessionReconnectExhausted = defineEvent<{ attempts: number; reason: string }>()(
  'whatsapp.reconnect_exhausted',
);
export const SessionNumberChanged = defineEvent<{ accepted: boolean }>()('whatsapp.number_changed');
export const SessionManuallyDisconnected = defineEvent<Record<string, never>>()('whatsapp.manual_disconnect');
export const SessionManuallyReconnected = defineEvent<Record<string, never>>()('whatsapp.manual_reconnect');
export const SessionDeleted = defineEvent<{ engine: string }>()('whatsapp.session_deleted');
export const SessionCreated = defineEvent<{ engine: string }>()('whatsapp.session_created');
