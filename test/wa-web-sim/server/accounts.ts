import { userAddress } from './addresses.ts';
import type { WireMessage } from './messages.ts';
import type { Numbers } from './numbers.ts';

const KEPT_MESSAGES = 50_000;

/** A phone's WhatsApp account, as the phone itself and the service know it. */
export interface Account {
  readonly phone: string;
  readonly wid: string;
  readonly lid: string;
  pushname: string;
  platform: string;
  readonly messages: Map<string, WireMessage>;
  /** The ids of the messages of each chat, oldest first. */
  readonly chats: Map<string, string[]>;
  readonly unread: Map<string, number>;
  /** The ids of messages that no page has confirmed yet. */
  readonly offline: Set<string>;
}

export class Accounts {
  private readonly byPhone = new Map<string, Account>();
  private readonly numbers: Numbers;

  constructor(numbers: Numbers) {
    this.numbers = numbers;
  }

  /** The account of a phone; it comes into being when it is first spoken of. */
  of(phone: string): Account {
    const known = this.byPhone.get(phone);
    if (known) return known;
    const account: Account = {
      phone,
      wid: userAddress(phone),
      lid: this.numbers.lidOf(phone),
      pushname: `Sim ${phone.slice(-4)}`,
      platform: 'android',
      messages: new Map(),
      chats: new Map(),
      unread: new Map(),
      offline: new Set(),
    };
    this.byPhone.set(phone, account);
    return account;
  }

  find(phone: string | null): Account | undefined {
    return phone === null ? undefined : this.byPhone.get(phone);
  }

  all(): Account[] {
    return [...this.byPhone.values()];
  }

  clear(): void {
    this.byPhone.clear();
  }
}

/** Keeps a message in an account's chat. */
export function keepMessage(account: Account, chat: string, message: WireMessage): void {
  account.messages.set(message.id, message);
  const ids = account.chats.get(chat);
  if (ids) ids.push(message.id);
  else account.chats.set(chat, [message.id]);
  const oldest = account.messages.keys().next();
  if (account.messages.size > KEPT_MESSAGES && !oldest.done) account.messages.delete(oldest.value);
}

/** The messages of a chat that are still kept, oldest first. */
export function messagesOf(account: Account, chat: string): WireMessage[] {
  return (account.chats.get(chat) ?? []).flatMap((id) => account.messages.get(id) ?? []);
}
