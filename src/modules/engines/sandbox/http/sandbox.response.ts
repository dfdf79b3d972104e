import type { InboundMessage } from '../../engine.port.js';
import type { StoredArrival } from '../sandbox.repository.js';

export class LinkedResponse {
  /** The number that is linked now. */
  phone!: string;
}

export class ReceivedResponse {
  providerMessageId!: string;
  from!: string;
  text!: string | null;
  at!: string;

  static from({ providerMessageId, from, text, at }: InboundMessage): ReceivedResponse {
    return { providerMessageId, from, text, at: at.toISOString() };
  }
}

export class ArrivalResponse {
  /** Ours, `msg_…`: the same id twice is a message that was sent twice. */
  messageId!: string;
  providerMessageId!: string;
  to!: string;
  type!: string;
  text!: string | null;
  at!: string;

  static from({ messageId, providerMessageId, recipient, type, text, at }: StoredArrival): ArrivalResponse {
    return { messageId, providerMessageId, to: recipient, type, text, at: at.toISOString() };
  }
}

export class OutboxResponse {
  data!: readonly ArrivalResponse[];
}
