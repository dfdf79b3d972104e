import { defineEvent } from '../../../kernel/events/event-definition.js';

export interface OutboundFact {
  messageId: string;
  to: string;
  providerMessageId: string | null;
}

/** The provider has the message. */
export const MessageSent = defineEvent<OutboundFact>()('whatsapp.message_sent');
/** The message got further: DELIVERED, READ or PLAYED. */
export const MessageAcknowledged = defineEvent<OutboundFact & { status: string }>()('whatsapp.message_ack');
export const MessageFailed = defineEvent<OutboundFact & { error: { code: string; detail: string } }>()(
  'whatsapp.message_failed',
);
/** Nobody knows whether it left. */
export const MessageUncertain = defineEvent<OutboundFact & { reason: string }>()('whatsapp.message_uncertain');
/** Nobody has acknowledged in time what the provider had taken; it may still arrive. */
export const MessageUnconfirmed = defineEvent<OutboundFact>()('whatsapp.message_unconfirmed');
/** It was not sent before its time was over. */
export const MessageExpired = defineEvent<OutboundFact>()('whatsapp.message_expired');
export const MessageCancelled = defineEvent<OutboundFact>()('whatsapp.message_cancelled');
/** Whoever wrote a message has changed it. */
export const MessageEdited = defineEvent<{ messageId: string; text: string }>()('whatsapp.message_edited');
/** Whoever wrote a message has deleted it for everyone. */
export const MessageRevoked = defineEvent<{ messageId: string }>()('whatsapp.message_revoked');
/** Somebody reacted to a message; an empty emoji takes it back. */
export const MessageReacted = defineEvent<{ messageId: string; from: string; emoji: string }>()(
  'whatsapp.message_reaction',
);
/** Somebody calls the linked number. */
export const CallReceived = defineEvent<{ callId: string; from: string; isVideo: boolean; isGroup: boolean }>()(
  'whatsapp.call',
);
/** The file of an inbound message is here, or will never be. */
export const MessageMediaSettled = defineEvent<{ messageId: string; mediaId: string | null; status: string }>()(
  'whatsapp.message_media',
);
/** What was missed while the session was away is in the log. */
export const GapRecovered = defineEvent<{ since: string; until: string; seconds: number; messages: number }>()(
  'whatsapp.gap_recovered',
);
/** A message came in. */
export const MessageReceived = defineEvent<{
  messageId: string;
  from: string;
  to: string | null;
  /** The group in which it was written; null for a message between two. */
  group: string | null;
  type: string;
  text: string | null;
  /** What the type has beside its text, such as coordinates. */
  content: object | null;
  hasMedia: boolean;
  /** The message that it answers, where that is in the log. */
  replyTo: string | null;
  providerMessageId: string;
  /** It came while the session was away. */
  isCatchUp: boolean;
}>()('whatsapp.message_create');
