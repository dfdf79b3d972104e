import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import type { DomainEvent } from '../../kernel/events/event-definition.js';
import type { JournalPosition, JournalRepository } from '../../platform/events/journal.repository.js';
import { type Principal, visibleSessions } from '../access/index.js';
import type { JournalPulse } from './journal-pulse.js';

const LOOK_AT = 200;
const HEARTBEAT_MS = 15_000;
const OUTAGE_PAUSE_MS = 1000;
/** How long a client waits before it comes back, in milliseconds. */
const RETRY_MS = 2000;
/** A reader that takes nothing for this long holds its connection for nothing. */
const STALLED_MS = 60_000;

export interface EventFilter {
  readonly names: readonly string[] | null;
  readonly sessionId: string | null;
}

interface Sources {
  readonly journal: JournalRepository;
  readonly pulse: JournalPulse;
}

/** As server-sent events are written (WHATWG HTML, 9.2.6). */
const frameOf = (event: DomainEvent): string =>
  `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

/** One reader of the journal. It is read no faster than the other side takes it, and nothing is kept meanwhile. */
export class EventStream {
  /** A generator behind it would hold up its end until the next event. */
  readonly body = new Readable({
    read: () => {
      this.goOn?.();
    },
    destroy: (error, done) => {
      this.ended.abort();
      this.goOn?.();
      done(error);
    },
  });
  private readonly ended = new AbortController();
  private takenAt = performance.now();
  private goOn: (() => void) | undefined;

  constructor(
    /** As it was last looked at: grants come and go while a stream lasts. */
    public principal: Principal,
    private readonly filter: EventFilter,
    private position: JournalPosition,
    private readonly sources: Sources,
  ) {
    void this.pump();
  }

  get isStalled(): boolean {
    return this.body.readableLength > 0 && performance.now() - this.takenAt > STALLED_MS;
  }

  /** Whole frames that are under way still arrive; a client that comes back goes on behind the last of them. */
  end(): void {
    this.ended.abort();
    if (this.isStalled) this.body.destroy();
  }

  /** At once, in the middle of whatever it is. */
  cut(): void {
    this.body.destroy();
  }

  private async pump(): Promise<void> {
    for await (const frame of this.frames()) {
      if (this.body.destroyed) return;
      if (!this.body.push(frame)) await this.untilTaken();
      this.takenAt = performance.now();
    }
    // After a cut it would look whole, and the response would wait for ever.
    if (!this.body.destroyed) this.body.push(null);
  }

  private untilTaken(): Promise<void> {
    return new Promise((resolve) => {
      this.goOn = resolve;
    });
  }

  private async *frames(): AsyncGenerator<string> {
    yield `retry: ${String(RETRY_MS)}\n\n`;
    let saidAt = performance.now();
    while (!this.ended.signal.aborted) {
      const events = await this.read();
      for (const event of events) {
        if (this.isOver()) return;
        yield frameOf(event);
        saidAt = performance.now();
      }
      if (performance.now() - saidAt >= HEARTBEAT_MS) {
        yield ':\n\n';
        saidAt = performance.now();
      }
    }
  }

  private isOver(): boolean {
    return this.ended.signal.aborted;
  }

  /** The next events; none when there are none for a while, or when the database is away. */
  private async read(): Promise<readonly DomainEvent[]> {
    const { journal, pulse } = this.sources;
    const { signal } = this.ended;
    const { names } = this.filter;
    try {
      const sessionIds = this.sessionIds();
      const query = { after: this.position, names, limit: LOOK_AT, ...(sessionIds && { sessionIds }) };
      const { entries, through, isFull } = await journal.readAfter(query);
      this.position = through ?? this.position;
      if (entries.length === 0 && !isFull) await pulse.next(signal);
      return entries.map(({ event }) => event);
    } catch {
      // Readiness and the log tell of the outage; a stream has nothing to say of it, and goes on behind it.
      await sleep(OUTAGE_PAUSE_MS, undefined, { signal }).catch(() => undefined);
      return [];
    }
  }

  /** What is of no session is for those who see them all. */
  private sessionIds(): readonly string[] | undefined {
    const { sessionId } = this.filter;
    const visible = visibleSessions(this.principal);
    if (sessionId === null) return visible;
    return visible === undefined || visible.includes(sessionId) ? [sessionId] : [];
  }
}
