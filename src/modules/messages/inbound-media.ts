import { Injectable, Logger } from '@nestjs/common';

import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { Transactions } from '../../platform/prisma/transactions.js';
import { FileTooLargeError } from '../engines/index.js';
import { MAX_MEDIA_BYTES, MediaService, StorageFullError } from '../media/index.js';
import { type ReadySession, SessionDirectory } from '../sessions/index.js';
import { MessageMediaSettled } from './domain/message.events.js';
import { InboundMediaRepository, type WantedMedia } from './inbound-media.repository.js';
import type { NewInbound } from './inbox.repository.js';

/** Failed downloads are tried again at each look; between them the failure has time to pass. */
const LOOK_INTERVAL_MS = 15_000;
const AT_ONCE = 4;
/** Of tries by this process; WhatsApp forgets a file after some weeks anyway. */
const MAX_TRIES = 10;

interface FailedFetch {
  readonly sessionId: string;
  readonly messageId: string;
  readonly error: unknown;
}

/** Fetches the files of inbound messages, a few at a time, in the process that drives their session. */
@Injectable()
export class InboundMedia {
  private readonly logger = new Logger(InboundMedia.name);
  private readonly tries = new Map<string, number>();
  private readonly fetching = new Map<string, Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(
    private readonly wanted: InboundMediaRepository,
    private readonly media: MediaService,
    private readonly sessions: SessionDirectory,
    private readonly transactions: Transactions,
    lifecycle: Lifecycle,
  ) {
    lifecycle.onStart('inbound-media', () => {
      this.timer = setInterval(() => {
        for (const sessionId of this.sessions.readyIds()) this.look(sessionId);
      }, LOOK_INTERVAL_MS);
      return Promise.resolve();
    });
    lifecycle.onDrain('work', 'inbound-media', async () => {
      this.isStopped = true;
      clearInterval(this.timer);
      await Promise.all(this.fetching.values());
    });
  }

  /** Some of these may have files. */
  wake(stored: readonly NewInbound[]): void {
    const sessionIds = new Set(stored.flatMap(({ sessionId, message }) => (message.media === null ? [] : sessionId)));
    for (const sessionId of sessionIds) this.look(sessionId);
  }

  private look(sessionId: string): void {
    if (this.isStopped) return;
    this.fetchSome(sessionId).catch((error: unknown) => {
      this.logger.warn({ err: error, sessionId }, 'inbound files could not be looked for; the next look tries again');
    });
  }

  private async fetchSome(sessionId: string): Promise<void> {
    const ready = this.sessions.ready(sessionId);
    const free = AT_ONCE - this.fetching.size;
    if (ready === null || free <= 0) return;
    const wanted = await this.wanted.findWanted(sessionId, [...this.fetching.keys()], free);
    for (const one of wanted) {
      if (this.isStopped || this.fetching.has(one.messageId)) continue;
      const taking = this.take(ready, one).finally(() => {
        this.fetching.delete(one.messageId);
        // One that failed waits for the next look, so that it is not tried in a circle.
        if (!this.tries.has(one.messageId)) this.look(sessionId);
      });
      this.fetching.set(one.messageId, taking);
    }
  }

  private async take(
    { sessionId, handle }: ReadySession,
    { messageId, providerMessageId }: WantedMedia,
  ): Promise<void> {
    try {
      const file = await handle.downloadMedia(providerMessageId, MAX_MEDIA_BYTES).catch((error: unknown) => {
        if (error instanceof FileTooLargeError) return 'too-large' as const;
        throw error;
      });
      if (file === null || file === 'too-large' || file.data.length > MAX_MEDIA_BYTES) {
        const status = file === null ? 'GONE' : 'REFUSED';
        await this.settle(sessionId, messageId, { status, mediaId: null });
        return;
      }
      const stored = await this.media.storeInbound(sessionId, file);
      await this.settle(sessionId, messageId, { status: 'STORED', mediaId: stored.id });
    } catch (error) {
      await this.fail({ sessionId, messageId, error });
    }
  }

  private async fail(failure: FailedFetch): Promise<void> {
    const { sessionId, messageId, error } = failure;
    this.logger.warn({ err: error, sessionId, messageId }, 'an inbound file could not be fetched');
    // A full disk says nothing about the file.
    const tries = (this.tries.get(messageId) ?? 0) + (error instanceof StorageFullError ? 0 : 1);
    this.tries.set(messageId, tries);
    if (tries < MAX_TRIES) return;
    await this.settle(sessionId, messageId, { status: 'GONE', mediaId: null }).catch((reason: unknown) => {
      this.logger.warn({ err: reason, messageId }, 'a lost file could not be written down');
    });
  }

  private async settle(
    sessionId: string,
    messageId: string,
    outcome: { readonly status: 'STORED' | 'GONE' | 'REFUSED'; readonly mediaId: string | null },
  ): Promise<void> {
    await this.transactions.run(async (tx) => {
      if (await this.wanted.settle(messageId, outcome, tx.db)) {
        tx.record(MessageMediaSettled, sessionId, { messageId, ...outcome });
      }
    });
    this.tries.delete(messageId);
  }
}
