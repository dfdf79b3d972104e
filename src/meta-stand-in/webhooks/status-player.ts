import { type Json, present } from '../base/json.js';
import { type Random } from '../base/random.js';
import { Timers } from '../base/timers.js';
import { webhookErrorOf } from '../graph/graph-error.js';
import { type Behaviour } from '../state/behaviour.js';
import { type SentMessage } from '../state/sent-log.js';
import { contactOf, messagesValue } from './values.js';
import { type WebhookSender } from './webhook-sender.js';

export interface StatusStep {
  readonly status: string;
  /** Since the message was taken. */
  readonly afterMs: number;
  /** The reason of `failed`. */
  readonly code?: number | undefined;
  readonly details?: string | undefined;
}

/** What is told about messages that are taken, until it is changed. */
export interface StatusScript {
  readonly steps: readonly StatusStep[];
  readonly order: 'given' | 'reversed' | 'shuffled';
  /** How often each status comes. */
  readonly copies: number;
}

export const DEFAULT_SCRIPT: StatusScript = {
  steps: [
    { status: 'sent', afterMs: 10 },
    { status: 'delivered', afterMs: 40 },
    { status: 'read', afterMs: 120 },
  ],
  order: 'given',
  copies: 1,
};

/** The first version of which webhooks come without a conversation ("Webhooks, messages, status"). */
const FIRST_WITHOUT_CONVERSATION = 24;
const HELP = 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/';
const DAY_SECONDS = 86_400;
const PRICED = ['sent', 'delivered'];

export interface PlayerTools {
  readonly behaviour: Behaviour;
  readonly random: Random;
  readonly sender: WebhookSender;
  readonly seconds: () => number;
}

/** Tells the life of messages by webhooks. */
export class StatusPlayer {
  script: StatusScript = DEFAULT_SCRIPT;
  private readonly timers = new Timers();

  constructor(private readonly tools: PlayerTools) {}

  get pending(): number {
    return this.timers.pending;
  }

  play(message: SentMessage, script: StatusScript): void {
    const steps = script.steps.filter(({ status }) => isPossible(status, message));
    const times = steps.map(({ afterMs }) => afterMs);
    const order = this.ordered(steps, script.order);
    for (const [at, step] of order.entries()) {
      const natural = Math.floor(((times[steps.indexOf(step)] ?? 0) + message.takenMs) / 1000);
      for (let copy = 0; copy < script.copies; copy += 1) {
        this.timers.after(times[at] ?? 0, () => {
          this.tell(message, step, natural);
        });
      }
    }
  }

  /** One status now. */
  tell(message: SentMessage, step: StatusStep, seconds = this.tools.seconds()): void {
    const { number, person } = message;
    message.statuses.push(step.status);
    const isFailed = step.status === 'failed';
    const contacts = isFailed ? {} : { contacts: [contactOf(person)] };
    const value = messagesValue(number, { ...contacts, statuses: [this.statusOf(message, step, seconds)] });
    this.tools.sender.tell({ account: number.account, number, field: 'messages', value, seconds });
  }

  forget(): void {
    this.timers.cancelAll();
    this.script = DEFAULT_SCRIPT;
  }

  private ordered(steps: readonly StatusStep[], order: StatusScript['order']): readonly StatusStep[] {
    if (order === 'reversed') return steps.toReversed();
    return order === 'shuffled' ? this.tools.random.shuffled(steps) : steps;
  }

  private statusOf(message: SentMessage, { status, code, details }: StatusStep, seconds: number): Json {
    const { person, opaque } = message;
    const isPriced = PRICED.includes(status);
    return present({
      id: message.id,
      status,
      timestamp: String(seconds),
      recipient_id: message.isToUserId ? undefined : person.waId,
      // A failed message to a phone number does not tell whose it is.
      recipient_user_id: status === 'failed' && !message.isToUserId ? undefined : person.userId,
      biz_opaque_callback_data: opaque,
      conversation: this.conversationOf(message, status, seconds),
      pricing: isPriced ? pricingOf(message) : undefined,
      errors: status === 'failed' ? [{ ...webhookErrorOf(code ?? 131000, details), href: HELP }] : undefined,
    });
  }

  private conversationOf(message: SentMessage, status: string, seconds: number): Json | undefined {
    const { id, category, isFreeEntry } = message;
    const isTold = isFreeEntry || this.tools.behaviour.webhookVersion < FIRST_WITHOUT_CONVERSATION;
    if (!isTold || status === 'failed') return undefined;
    return present({
      id: Buffer.from(id).toString('hex').slice(-32),
      expiration_timestamp: status === 'sent' ? String(seconds + DAY_SECONDS) : undefined,
      origin: { type: isFreeEntry ? 'referral_conversion' : category },
    });
  }
}

/** Reactions are only ever sent; who has switched receipts off is never seen to read. */
const isPossible = (status: string, { type, person }: SentMessage): boolean => {
  if (status === 'failed') return true;
  if (type === 'reaction') return status === 'sent';
  return person.hasReadReceipts || status !== 'read';
};

/** Per message since July 2025: templates are charged, but for utility inside the window ("Pricing"). */
const pricingOf = ({ category, wasWindowOpen, isFreeEntry }: SentMessage): Json => {
  const isService = category === 'service' || (category === 'utility' && wasWindowOpen);
  const type = isFreeEntry ? 'free_entry_point' : isService ? 'free_customer_service' : 'regular';
  return { billable: type === 'regular', pricing_model: 'PMP', type, category };
};
