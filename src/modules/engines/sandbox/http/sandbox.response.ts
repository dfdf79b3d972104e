import type { Group, InboundMessage } from '../../engine.port.js';
import type { SandboxAction } from '../sandbox.handle.js';
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
  /** Of the last of them; null: the session is away, and the pretend phone keeps it until it is back. */
  readonly providerMessageId: string | null;
  readonly text: string | null;
  readonly at: string | null;
  /** How many were handed over. */
  readonly count: number;

  private constructor(messages: readonly InboundMessage[]) {
    const last = messages.at(-1);
    this.providerMessageId = last?.providerMessageId ?? null;
    this.text = last?.text ?? null;
    this.at = last?.at.toISOString() ?? null;
    this.count = messages.length;
  }

  static from(messages: readonly InboundMessage[]): ReceivedResponse {
    return new ReceivedResponse(messages);
  }
}

export class SandboxGroupResponse {
  /** Where it is written to. */
  readonly id: string;
  readonly name: string;

  private constructor({ id, name }: Group) {
    this.id = id;
    this.name = name;
  }

  static from(group: Group): SandboxGroupResponse {
    return new SandboxGroupResponse(group);
  }
}

export class ArrivalResponse {
  /** Ours, `msg_…`: the same id twice is a message that was sent twice. */
  readonly messageId: string;
  readonly providerMessageId: string;
  readonly to: string;
  readonly type: string;
  readonly text: string | null;
  /** What the type has beside its text; of a file its type, size and SHA-256; and how it was edited, revoked or reacted to. */
  readonly content: object | null;
  readonly at: string;

  constructor(arrival: StoredArrival) {
    this.messageId = arrival.messageId;
    this.providerMessageId = arrival.providerMessageId;
    this.to = arrival.recipient;
    this.type = arrival.type;
    this.text = arrival.text;
    this.content = arrival.content;
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

export class ActionsResponse {
  /** Newest first. */
  readonly data: { what: string; chat: string; at: string }[];

  private constructor(actions: readonly SandboxAction[]) {
    this.data = actions.map(({ what, chat, at }) => ({ what, chat, at: at.toISOString() }));
  }

  static from(actions: readonly SandboxAction[]): ActionsResponse {
    return new ActionsResponse(actions);
  }
}
