import { Injectable, Logger } from '@nestjs/common';

import { Lifecycle } from '../../../platform/lifecycle/lifecycle.js';
import { type Transaction, Transactions } from '../../../platform/prisma/transactions.js';
import { foldText, keysOfMessages } from '../domain/search-text.js';
import { type SearchableMessage, SearchIndexRepository } from './search-index.repository.js';

const LOOK_INTERVAL_MS = 500;
const PORTION = 500;
/** A block is closed at this many texts, or at this many characters: what a search reads of one stays small. */
const BLOCK_TEXTS = 256;
const BLOCK_CHARACTERS = 50_000;
/** After each portion it rests this many times as long as the portion took: requests and sends go first. */
const REST_FACTOR = 2;

/**
 * Makes texts findable shortly after they were stored, and no part of storing them. One process at a time works on what
 * is pending; what fails is tried again at the next look.
 */
@Injectable()
export class SearchIndexer {
  private readonly logger = new Logger(SearchIndexer.name);
  private isStopped = false;
  private isWaiting = false;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly index: SearchIndexRepository,
    private readonly transactions: Transactions,
    lifecycle: Lifecycle,
  ) {
    lifecycle.onStart('search-indexer', () => {
      this.tick();
      return Promise.resolve();
    });
    lifecycle.onDrain('work', 'search-indexer', () => this.stop());
  }

  private tick(): void {
    this.looking = this.look().then((restMs) => {
      if (this.isStopped) return;
      this.timer = setTimeout(() => {
        this.tick();
      }, restMs);
    });
  }

  private async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.looking;
  }

  /** Answers how long to rest. */
  private async look(): Promise<number> {
    const begin = performance.now();
    try {
      const count = (await this.index.hasPending()) ? await this.indexPortion() : 0;
      this.isWaiting = false;
      return count < PORTION ? LOOK_INTERVAL_MS : (performance.now() - begin) * REST_FACTOR;
    } catch (error) {
      if (!this.isWaiting) this.logger.warn({ err: error }, 'texts could not be made findable and will be tried again');
      this.isWaiting = true;
      return LOOK_INTERVAL_MS;
    }
  }

  /** Answers how much of what was pending it has seen to. */
  indexPortion(): Promise<number> {
    return this.transactions.run(async ({ db }) => {
      if (!(await this.index.lock(db))) return 0;
      const { messageIds, blockIds } = await this.index.take(PORTION, db);
      const left = await this.index.remove(messageIds, db);
      const messages = await this.index.findSearchable(messageIds, db);
      for (const isLate of [false, true]) {
        const some = messages.filter((message) => message.isLate === isLate);
        await this.add(
          isLate,
          some.map((message) => ({ ...message, text: foldText(message.text) })),
          db,
        );
      }
      for (const id of await this.index.findClosed([...blockIds, ...left], db)) await this.close(id, db);
      return messageIds.length + blockIds.length;
    });
  }

  private async add(isLate: boolean, messages: readonly SearchableMessage[], db: Transaction['db']): Promise<void> {
    for (let next = 0; next < messages.length;) {
      const block = await this.index.openBlock(isLate, db);
      let { texts, characters } = block;
      const begin = next;
      for (; next < messages.length && texts < BLOCK_TEXTS && characters < BLOCK_CHARACTERS; next += 1) {
        texts += 1;
        characters += messages[next]?.text.length ?? 0;
      }
      await this.index.add(block.id, messages.slice(begin, next), db);
      if (texts >= BLOCK_TEXTS || characters >= BLOCK_CHARACTERS) await this.close(block.id, db);
    }
  }

  private async close(blockId: number, db: Transaction['db']): Promise<void> {
    const messages = await this.index.findInBlock(blockId, db);
    if (messages.length === 0) await this.index.drop(blockId, db);
    else await this.index.close(blockId, keysOfMessages(messages), db);
  }
}
