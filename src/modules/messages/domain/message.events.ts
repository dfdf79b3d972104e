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
/** A message came in. */
export const MessageReceived = defineEvent<{
  messageId: string;
  from: string;
  to: string | null;
  type: string;
  text: string | null;
  providerMessageId: string;
}>()('whatsapp.message_create');
