import type { InboundMessage } from '../../engine.port.js';
import type { StoredArrival } from '../sandbox.repository.js';

export class LinkedResponse {
  /** The number that is linked now. */
  readonly phone: string;

  private constructor(phone: string) {
    this.phone = phone;
  }

  static from(phone: string): LinkedResponse {
    return new LinkedResponse(phone);
  }
}

export class ReceivedResponse {
  readonly providerMessageId: string;
  readonly from: string;
  readonly text: string | null;
  readonly at: string;

  private constructor({ providerMessageId, from, text, at }: InboundMessage) {
    this.providerMessageId = providerMessageId;
    this.from = from;
    this.text = text;
    this.at = at.toISOString();
  }

  static from(message: InboundMessage): ReceivedResponse {
    return new ReceivedResponse(message);
  }
}

export class ArrivalResponse {
  /** Ours, `msg_…`: the same id twice is a message that was sent twice. */
  readonly messageId: string;
  readonly providerMessageId: string;
  readonly to: string;
  readonly type: string;
  readonly text: string | null;
  readonly at: string;

  constructor(arrival: StoredArrival) {
    this.messageId = arrival.messageId;
    this.providerMessageId = arrival.providerMessageId;
    this.to = arrival.recipient;
    this.type = arrival.type;
    this.text = arrival.text;
    this.at = arrival.at.toISOString();
  }
}

export class OutboxResponse {
  /** Newest first. */
  readonly data: ArrivalResponse[];

  private constructor(arrivals: readonly StoredArrival[]) {
    this.data = arrivals.map((arrival) => new ArrivalResponse(arrival));
  }

  static from(arrivals: readonly StoredArrival[]): OutboxResponse {
    return new OutboxResponse(arrivals);
  }
}
