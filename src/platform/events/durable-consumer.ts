import type { BackoffPolicy } from '../../kernel/backoff.js';
import type { DomainEvent, EventDefinition } from '../../kernel/events/event-definition.js';
import type { Transaction } from '../prisma/transactions.js';

export interface ConsumerPatience extends BackoffPolicy {
  /** Tries of one event before it is dead-lettered and the queue goes on without it. */
  readonly maxFailures: number;
}

/** About a minute in all: long enough for a restart of what the consumer needs, short enough not to hold the others. */
export const DEFAULT_PATIENCE: ConsumerPatience = { baseMs: 500, maxMs: 60_000, factor: 2, maxFailures: 8 };

/**
 * A reader of the journal that must not miss an event. `consume` runs in the transaction that also moves the cursor:
 * what it writes through `tx` happens exactly once per event, also when the process dies in between. Effects outside
 * the database (a mail) are enqueued there, never done there.
 */
export interface DurableConsumer {
  /** Names the cursor; never changes. */
  readonly name: string;
  /** The events it wants; the others are skipped. */
  readonly events: readonly EventDefinition[];
  /** How it goes on when `consume` fails; `DEFAULT_PATIENCE` when absent. */
  readonly patience?: ConsumerPatience;
  consume(event: DomainEvent, tx: Transaction): Promise<void>;
}
