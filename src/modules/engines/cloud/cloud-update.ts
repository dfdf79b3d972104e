import type { Ack, InboundChange, InboundMessage } from '../engine.port.js';
import type { AccountUpdate } from './account-update.js';
import type { GraphError } from './graph-errors.js';
import type { JsonRecord } from './untrusted-json.js';

/** Where an update belongs to: messages to a number, everything else to the account or to one of its numbers. */
export interface UpdateOrigin {
  /** Of the WhatsApp Business Account. */
  readonly wabaId: string | null;
  readonly phoneNumberId: string | null;
  /** The number itself, as it is shown; E.164 where it has that shape. */
  readonly phone: string | null;
  readonly field: string | null;
}

/**
 * `late`: it came while nobody listened, as far as its age tells; Meta repeats for days. `future`: the clock of one of
 * the two is wrong. `absent`: it came without a time, and has the time of its arrival.
 */
export type Timing = 'usual' | 'late' | 'future' | 'absent';

export interface UpdateTime {
  readonly at: Date;
  readonly timing: Timing;
}

/** By what Meta knows a person; what is not told is null. */
export interface PersonIds {
  /** The number as WhatsApp writes it, which may not be the one that is dialled. */
  readonly waId: string | null;
  /** "Business-scoped user IDs": of this person within our business portfolio, with or without a number. */
  readonly userId: string | null;
  readonly parentUserId: string | null;
}

export interface CloudPerson extends PersonIds {
  /** Where an answer goes: the number that WhatsApp told in E.164, else the business-scoped id. */
  readonly address: string;
  /** One number for all forms of it, for comparing; null when no number is known. */
  readonly phoneKey: string | null;
  readonly name: string | null;
  readonly username: string | null;
}

export interface CloudMedia {
  readonly id: string;
  /** Lives for five minutes, and needs the token. */
  readonly url: string | null;
  readonly sha256: string | null;
  readonly isAnimated: boolean;
}

/** What somebody has tapped or filled in. */
export type CloudReply =
  | {
      readonly kind: 'button' | 'list' | 'quick-reply';
      /** What we gave the button, or the payload of a template's button. */
      readonly id: string | null;
      readonly title: string | null;
      readonly description: string | null;
    }
  | {
      readonly kind: 'flow';
      readonly name: string | null;
      /** The fields of the flow; null when what came is not JSON. */
      readonly response: JsonRecord | null;
      readonly responseText: string | null;
    }
  | {
      readonly kind: 'call-permission';
      readonly isGranted: boolean;
      readonly isPermanent: boolean;
      readonly expiresAt: Date | null;
    };

/** The advertisement or the post that led to a message. */
export interface Referral {
  readonly url: string | null;
  readonly sourceId: string | null;
  readonly sourceType: string | null;
  readonly headline: string | null;
  readonly body: string | null;
  readonly clickId: string | null;
}

export interface Product {
  readonly catalogId: string | null;
  readonly productId: string | null;
}

export interface Order {
  readonly catalogId: string | null;
  readonly items: readonly {
    readonly productId: string | null;
    readonly quantity: number | null;
    readonly price: number | null;
    readonly currency: string | null;
  }[];
}

/** What the Cloud API tells of an inbound message beyond what every engine tells. */
export interface CloudExtra {
  readonly media: CloudMedia | null;
  readonly reply: CloudReply | null;
  readonly referral: Referral | null;
  /** The product that a question is about. */
  readonly product: Product | null;
  readonly order: Order | null;
  readonly isFrequentlyForwarded: boolean;
  /** `contact_request` when a card answers our request for the number. */
  readonly contactOrigin: string | null;
  readonly identityKeyHash: string | null;
  /** Why a part of it is missing. */
  readonly errors: readonly GraphError[];
  /** The whole message, where its type says more than is read of it. */
  readonly raw: JsonRecord | null;
}

export interface CloudInbound {
  readonly message: InboundMessage;
  readonly person: CloudPerson;
  readonly extra: CloudExtra;
}

/** What became of a person's identity. It comes as a system message and opens no window. */
export type PersonChange =
  | {
      readonly kind: 'number-changed' | 'user-id-changed';
      readonly previous: PersonIds;
      readonly current: PersonIds;
    }
  | {
      /** WhatsApp was installed anew, perhaps by somebody else. */
      readonly kind: 'identity-changed';
      readonly person: PersonIds;
      readonly hash: string | null;
    };

/** What one element of `messages` says. */
export type MessageReading =
  | { readonly kind: 'message'; readonly inbound: CloudInbound }
  | {
      readonly kind: 'change';
      /** Of the message that tells the change. */
      readonly providerMessageId: string;
      readonly change: InboundChange;
      readonly person: CloudPerson;
    }
  | { readonly kind: 'person'; readonly providerMessageId: string | null; readonly change: PersonChange }
  | { readonly kind: 'unknown'; readonly raw: unknown };

export interface StatusPricing {
  readonly model: string | null;
  readonly type: string | null;
  readonly category: string | null;
  readonly isBillable: boolean;
}

export interface CloudStatus {
  /** Null for a status that moves no message, such as one that Meta has added since. */
  readonly ack: Ack | null;
  readonly providerMessageId: string;
  readonly status: string;
  /** What we gave the message as `biz_opaque_callback_data`. */
  readonly ourId: string | null;
  /** Null with a message to a group. */
  readonly recipient: CloudPerson | null;
  /** With a message to a group: which group, and whose status it is. */
  readonly group: string | null;
  readonly participant: CloudPerson | null;
  readonly pricing: StatusPricing | null;
  readonly conversation: {
    readonly id: string;
    readonly expiresAt: Date | null;
    readonly origin: string | null;
  } | null;
  readonly errors: readonly GraphError[];
}

export interface CloudCall {
  readonly callId: string;
  /** `connect`, `terminate`, or the state of a call that we have begun. */
  readonly event: string;
  readonly direction: string | null;
  readonly person: CloudPerson | null;
  readonly ourId: string | null;
  readonly durationSeconds: number | null;
  readonly raw: JsonRecord;
}

/** A person has told Meta to stop or to resume a category of our messages. */
export interface Preference {
  readonly person: CloudPerson;
  readonly category: string | null;
  readonly value: string;
}

export type CloudUpdateBody =
  | MessageReading
  | { readonly kind: 'status'; readonly status: CloudStatus }
  | { readonly kind: 'error'; readonly error: GraphError }
  | { readonly kind: 'preference'; readonly preference: Preference }
  | { readonly kind: 'call'; readonly call: CloudCall; readonly change: InboundChange | null }
  /** Written in the WhatsApp Business app of the same number: it is ours, and never to be answered. */
  | { readonly kind: 'echo'; readonly echo: MessageReading }
  | {
      readonly kind: 'history';
      readonly recorded: MessageReading;
      readonly isOurs: boolean;
      readonly status: string | null;
    }
  | { readonly kind: 'history-progress'; readonly phase: number | null; readonly percent: number | null }
  | { readonly kind: 'account'; readonly update: AccountUpdate }
  /** Of a subject that is known and that nothing is done about. */
  | { readonly kind: 'notice'; readonly raw: unknown }
  | { readonly kind: 'malformed'; readonly reason: string; readonly raw: unknown };

/** One thing that a notification tells. */
export type CloudUpdate = CloudUpdateBody & {
  readonly origin: UpdateOrigin;
  readonly time: UpdateTime;
  /** The same whenever Meta repeats it, in whatever batch. */
  readonly key: string;
};
