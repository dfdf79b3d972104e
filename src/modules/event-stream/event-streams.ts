import { Injectable, type OnModuleDestroy } from '@nestjs/common';

import { JournalRepository } from '../../platform/events/journal.repository.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import type { Principal } from '../access/index.js';
import { SessionDirectory } from '../sessions/index.js';
import { EventGoneError, TooManyStreamsError } from './event-stream.errors.js';
import { type EventFilter, EventStream } from './event-stream.js';
import { JournalPulse } from './journal-pulse.js';

const PER_PRINCIPAL = 10;
const PER_PROCESS = 500;
/** A key that is revoked, a sign-in that is ended and a grant that is taken away are heeded within this. */
const RENEW_MS = 1500;

export interface StreamWish extends EventFilter {
  /** Begin behind this event; null for what happens from now on. */
  readonly lastEventId: string | null;
}

/** Answers who it still is, or null when they may listen no longer. */
export type Renew = () => Promise<Principal | null>;

/** The open streams of this process. */
@Injectable()
export class EventStreams implements OnModuleDestroy {
  private readonly streams = new Map<EventStream, Renew>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly journal: JournalRepository,
    private readonly pulse: JournalPulse,
    private readonly sessions: SessionDirectory,
    lifecycle: Lifecycle,
  ) {
    lifecycle.onStart('event streams', () => {
      this.timer = setInterval(() => {
        void this.renewAll();
      }, RENEW_MS);
      return Promise.resolve();
    });
    lifecycle.onDrain('intake', 'event streams', () => {
      for (const stream of this.streams.keys()) stream.end();
      return Promise.resolve();
    });
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  async open(principal: Principal, { lastEventId, ...filter }: StreamWish, renew: Renew): Promise<EventStream> {
    if (filter.sessionId !== null) await this.sessions.require(filter.sessionId, principal);
    const own = [...this.streams.keys()].filter((stream) => stream.principal.id === principal.id).length;
    if (own >= PER_PRINCIPAL) throw new TooManyStreamsError(PER_PRINCIPAL);
    if (this.streams.size >= PER_PROCESS) throw new TooManyStreamsError(PER_PROCESS);
    const position = lastEventId === null ? await this.journal.findEnd() : await this.journal.findPosition(lastEventId);
    if (position === null) throw new EventGoneError(lastEventId ?? '');
    const stream = new EventStream(principal, filter, position, { journal: this.journal, pulse: this.pulse });
    this.streams.set(stream, renew);
    stream.body.once('close', () => this.streams.delete(stream));
    return stream;
  }

  private async renewAll(): Promise<void> {
    await Promise.all([...this.streams].map(([stream, renew]) => this.renew(stream, renew)));
  }

  private async renew(stream: EventStream, renew: Renew): Promise<void> {
    if (stream.isStalled) {
      stream.cut();
      return;
    }
    try {
      const principal = await renew();
      if (principal === null) stream.cut();
      else stream.principal = principal;
    } catch {
      // Nobody can say whether they still may: they come back when somebody can.
      stream.cut();
    }
  }
}
