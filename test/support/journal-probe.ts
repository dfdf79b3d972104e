import pg from 'pg';

import { defineEvent, type DomainEvent } from '../../src/kernel/events/event-definition.js';
import type { ConsumerPatience, DurableConsumer } from '../../src/platform/events/durable-consumer.js';
import type { Transaction } from '../../src/platform/prisma/transactions.js';
import type { TestDatabase } from './test-postgres.js';

export const Probed = defineEvent<{ n: number }>()('probe.happened');
export const Unwanted = defineEvent<{ n: number }>()('probe.unwanted');

/** Makes the table that probes write into. */
export const createProbeTable = async ({ ownerUrl }: Pick<TestDatabase, 'ownerUrl'>): Promise<void> => {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query('CREATE TABLE probe (place serial PRIMARY KEY, consumer text, event_id text, n int)');
  await client.end();
};

export interface ProbeRow {
  readonly consumer: string;
  readonly event_id: string;
  readonly n: number;
}

export const readProbe = async ({ ownerUrl }: Pick<TestDatabase, 'ownerUrl'>): Promise<readonly ProbeRow[]> => {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  const { rows } = await client.query<ProbeRow>('SELECT consumer, event_id, n FROM probe ORDER BY place');
  await client.end();
  return rows;
};

export interface ProbeOptions {
  readonly name?: string;
  readonly patience?: ConsumerPatience;
  /** Runs before the row is written, and may fail. */
  readonly before?: (n: number, tx: Transaction) => void | Promise<void>;
  /** Runs between the row and the commit, and may fail. */
  readonly after?: (n: number, tx: Transaction) => void | Promise<void>;
}

/** A consumer whose effect is a row for each event. */
export const createProbe = ({ name = 'probe', patience, before, after }: ProbeOptions = {}): DurableConsumer => ({
  name,
  events: [Probed],
  ...(patience && { patience }),
  consume: async ({ id, data }: DomainEvent, tx: Transaction): Promise<void> => {
    const { n } = data as { n: number };
    await before?.(n, tx);
    await tx.db.$executeRaw`INSERT INTO probe (consumer, event_id, n) VALUES (${name}, ${id}, ${n})`;
    await after?.(n, tx);
  },
});
