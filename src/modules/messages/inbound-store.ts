import { Injectable } from '@nestjs/common';

import type { DataOf } from '../../kernel/events/event-definition.js';
import { Transactions } from '../../platform/prisma/transactions.js';
import type { InboundContent, InboundMessage } from '../engines/index.js';
import { StopWords } from '../opt-outs/index.js';
import { MessageReceived } from './domain/message.events.js';
import { toStorableText } from './domain/message-text.js';
import { Gaps } from './gaps.js';
import { InboundMedia } from './inbound-media.js';
import { InboxRepository, type NewInbound } from './inbox.repository.js';

/** Whoever writes to us chooses the text: what cannot be stored must not keep the message from being stored. */
const toStorableContent = (content: InboundContent): InboundContent =>
  JSON.parse(JSON.stringify(content), (_key, value: unknown) =>
    typeof value === 'string' ? toStorableText(value) : value,
  ) as InboundContent;

const toStorable = (message: InboundMessage): InboundMessage => ({
  ...message,
  from: toStorableText(message.from),
  to: message.to === null ? null : toStorableText(message.to),
  group: message.group === null ? null : toStorableText(message.group),
  text: message.text === null ? null : toStorableText(message.text),
  content: message.content === null ? null : toStorableContent(message.content),
});

const toFact = (messageId: string, message: InboundMessage, replyTo: string | null): DataOf<typeof MessageReceived> => {
  const { from, to, group, type, text, content, media, providerMessageId, isCatchUp } = message;
  const hasMedia = media !== null;
  return { messageId, from, to, group, type, text, content, hasMedia, replyTo, providerMessageId, isCatchUp };
};

/** Stores what came in, with everything that must be true together with it. */
@Injectable()
export class InboundStore {
  constructor(
    private readonly messages: InboxRepository,
    private readonly stopWords: StopWords,
    private readonly gaps: Gaps,
    private readonly media: InboundMedia,
    private readonly transactions: Transactions,
  ) {}

  /** Each once, however often it is told; a word such as STOP counts from the same moment. */
  async store(items: readonly NewInbound[]): Promise<readonly undefined[]> {
    const storable = items.map((item) => ({ ...item, message: toStorable(item.message) }));
    await this.transactions.run(async (tx) => {
      const fresh = await this.messages.insert(storable, tx.db);
      const stored = storable.filter(({ id }) => fresh.has(id));
      for (const { id, sessionId, message } of stored) {
        tx.record(MessageReceived, sessionId, toFact(id, message, fresh.get(id) ?? null));
      }
      const written = stored.flatMap(({ sessionId, message: { from, text, group } }) =>
        group === null && text !== null ? [{ sessionId, from, text }] : [],
      );
      if (written.length > 0) await this.stopWords.apply(tx, written);
      tx.afterCommit(() => {
        this.gaps.count(stored);
        this.media.wake(stored);
      });
    });
    return items.map(() => undefined);
  }
}
