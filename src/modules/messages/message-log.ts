import { Injectable } from '@nestjs/common';

import { decodeCursor, type Page, toPage } from '../../kernel/page.js';
import { type Principal, visibleSessions } from '../access/index.js';
import type { Message, TimelineEntry } from './domain/message.js';
import { InvalidCursorError, MessageNotFoundError } from './message.errors.js';
import { type MessageFilters, MessageRepository } from './message.repository.js';

const DIGITS = /^\d{1,19}$/;

/** What was said, for whoever may read it. */
@Injectable()
export class MessageLog {
  constructor(private readonly messages: MessageRepository) {}

  async list(
    principal: Principal,
    filters: MessageFilters,
    { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
  ): Promise<Page<Message>> {
    const position = cursor === undefined ? null : decodeCursor(cursor, filters);
    if (cursor !== undefined && (position === null || !DIGITS.test(position))) throw new InvalidCursorError();
    const beforeSeq = position === null ? null : BigInt(position);
    const rows = await this.messages.find(visibleSessions(principal), filters, { limit: limit + 1, beforeSeq });
    return toPage(rows, limit, filters, ({ seq }) => String(seq));
  }

  /** Throws not-found also for a message of a session that was not granted. */
  async get(principal: Principal, id: string): Promise<Message> {
    const message = await this.messages.findById(visibleSessions(principal), id);
    if (message === null) throw new MessageNotFoundError(id);
    return message;
  }

  async timeline(message: Message): Promise<readonly TimelineEntry[]> {
    return this.messages.findTimeline(message.id);
  }
}
