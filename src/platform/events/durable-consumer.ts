import type { DomainEvent, EventDefinition } from '../../kernel/events/event-definition.js';
import type { Transaction } from '../prisma/transactions.js';

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
  consume(event: DomainEvent, tx: Transaction): Promise<void>;
}
