import { Injectable } from '@nestjs/common';

import { decodeCursor, encodeCursor, type Page, toPage } from '../../kernel/page.js';
import { type Principal, visibleSessions } from '../access/index.js';
import type { Message, TimelineEntry } from './domain/message.js';
import { InvalidCursorError, MessageNotFoundError } from './message.errors.js';
import {
  type MessageFilters,
  MessageHistoryRepository,
  type PageOptions,
  type Place,
} from './message-history.repository.js';
import { MessageRepository } from './message.repository.js';
import { type FoundMessages, MessageSearch } from './search/message-search.js';

const READ_AT_ONCE = 500;

const PLACE = /^(\d{1,13})\.(\d{1,18})$/;

const writePlace = ({ createdAt, seq }: Place): string => `${String(createdAt.getTime())}.${String(seq)}`;

const readPlace = (cursor: string | undefined, filters: MessageFilters): Place | null => {
  if (cursor === undefined) return null;
  const [, at, seq] = PLACE.exec(decodeCursor(cursor, filters) ?? '') ?? [];
  if (at === undefined || seq === undefined) throw new InvalidCursorError();
  return { createdAt: new Date(Number(at)), seq: BigInt(seq) };
};

/** The sessions that a list is about: undefined for all of them. */
const scopeOf = (principal: Principal, { sessionId }: MessageFilters): readonly string[] | undefined => {
  const visible = visibleSessions(principal);
  if (sessionId === undefined) return visible;
  return visible === undefined || visible.includes(sessionId) ? [sessionId] : [];
};

/** What was said, for whoever may read it. */
@Injectable()
export class MessageLog {
  constructor(
    private readonly messages: MessageRepository,
    private readonly history: MessageHistoryRepository,
    private readonly search: MessageSearch,
  ) {}

  async list(
    principal: Principal,
    filters: MessageFilters,
    { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
  ): Promise<Page<Message>> {
    const before = readPlace(cursor, filters);
    const found = await this.findPlaces(principal, filters, { limit: limit + 1, before });
    const { data, nextCursor } = toPage(found.messages, limit, filters, writePlace);
    const resume = found.resume && encodeCursor(writePlace(found.resume), filters);
    return { data: await this.messages.findByIds(data.map(({ id }) => id)), nextCursor: nextCursor ?? resume };
  }

  /** All of the list, newest first, a set at a time. */
  async *readAll(principal: Principal, filters: MessageFilters): AsyncGenerator<readonly Message[]> {
    for (let before: Place | null = null; ;) {
      const { messages, resume } = await this.findPlaces(principal, filters, { limit: READ_AT_ONCE, before });
      if (messages.length > 0) yield await this.messages.findByIds(messages.map(({ id }) => id));
      before = resume ?? (messages.length < READ_AT_ONCE ? null : (messages.at(-1) ?? null));
      if (before === null) return;
    }
  }

  private async findPlaces(
    principal: Principal,
    filters: MessageFilters,
    options: PageOptions,
  ): Promise<FoundMessages> {
    const sessionIds = scopeOf(principal, filters);
    if (filters.q !== undefined) return this.search.find(sessionIds, filters, options);
    return { messages: await this.history.find(sessionIds, filters, options), resume: null };
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
