import { Injectable } from '@nestjs/common';

import type { DataOf } from '../../kernel/events/event-definition.js';
import { parsePhoneNumber } from '../../kernel/phone-number.js';
import type { Transaction } from '../../platform/prisma/transactions.js';
import type { MessageReceived } from '../messages/index.js';
import { readStopWord } from '../opt-outs/index.js';
import { SessionDirectory } from '../sessions/index.js';
import { AutoReplyRepository, type Contact } from './auto-reply.repository.js';
import { continueExchange } from './domain/exchange.js';
import { findReply } from './domain/reply.js';

export type ReceivedMessage = DataOf<typeof MessageReceived>;

export interface Reply {
  readonly sessionId: string;
  readonly to: string;
  readonly text: string;
}

/** Nobody waits for an answer to what was written longer ago. */
const ANSWERED_WITHIN_MS = 5 * 60_000;

/** Nobody is answered in a group, late, or when they have just said that they want no messages or some again. */
const isAnswerable = ({ group, isCatchUp }: ReceivedMessage, text: string): boolean =>
  group === null && !isCatchUp && readStopWord(text) === null;

/** Decides what is answered by itself. */
@Injectable()
export class ReplyChoice {
  constructor(
    private readonly sessions: SessionDirectory,
    private readonly exchanges: AutoReplyRepository,
  ) {}

  /** Null for everything that is better left alone; what is remembered of the exchange goes with the transaction. */
  async choose(sessionId: string, message: ReceivedMessage, tx: Transaction): Promise<Reply | null> {
    const { text } = message;
    const phone = parsePhoneNumber(message.from);
    if (text === null || phone === null || !isAnswerable(message, text)) return null;
    const reply = await this.findReply(sessionId, text);
    if (reply === null || !(await this.isFresh(message, tx)) || (await this.exchanges.isOurs(phone, tx.db)))
      return null;
    const isAnswered = await this.isAnswered({ sessionId, phone }, { text, reply }, tx);
    return isAnswered ? { sessionId, to: phone, text: reply } : null;
  }

  private async findReply(sessionId: string, text: string): Promise<string | null> {
    const settings = (await this.sessions.find(sessionId))?.settings;
    return settings ? findReply(text, settings.autoReplies) : null;
  }

  private async isAnswered(
    contact: Contact,
    said: { readonly text: string; readonly reply: string },
    tx: Transaction,
  ): Promise<boolean> {
    const known = await this.exchanges.find(contact, tx.db);
    const { isAnswered, exchange } = continueExchange(known, { ...said, at: new Date() });
    await this.exchanges.save(contact, exchange, tx.db);
    return isAnswered;
  }

  /** One that is in the log no more is as old as can be. */
  private async isFresh({ messageId }: ReceivedMessage, tx: Transaction): Promise<boolean> {
    const writtenAt = await this.exchanges.findWrittenAt(messageId, tx.db);
    return writtenAt !== null && Date.now() - writtenAt.getTime() <= ANSWERED_WITHIN_MS;
  }
}
