import pg from 'pg';

import type { FAULTS } from '../support/invariant-faults.js';
import { findViolations, type Query } from '../support/invariants.js';
import { createTestDatabase, type TestDatabase } from '../support/test-postgres.js';

const message = (values: Readonly<Record<string, string>>): string => {
  const row = {
    id: "'msg_x'",
    session_id: "'shop'",
    direction: "'OUTBOUND'",
    type: "'text'",
    status: "'QUEUED'",
    ...values,
  };
  return `INSERT INTO message (${Object.keys(row).join(', ')}) VALUES (${Object.values(row).join(', ')})`;
};
const batch = (state: string, accepted: number): string =>
  `INSERT INTO batch (id, session_id, state, given, accepted, duplicates, actor_kind, actor_id)
     VALUES ('bat_x', 'shop', '${state}', ${String(accepted)}, ${String(accepted)}, 0, 'user', 'usr_x')`;
const attempt =
  "INSERT INTO message_attempt (message_id, number, fence, provider_message_id) VALUES ('msg_x', 1, 1, 'p1')";

/** For each statement that looks for a fault, what makes it find one. */
const BROKEN: Readonly<Record<keyof typeof FAULTS, readonly string[] | 'the database refuses it'>> = {
  'an inbound message is stored twice': 'the database refuses it',
  'a session has more than one live lease': 'the database refuses it',
  'a session is READY and nobody holds its lease': [
    "INSERT INTO session (id, name, engine, status) VALUES ('shop', 'Shop', 'sandbox', 'READY')",
    "INSERT INTO session_lease (session_id, owner, fence, expires_at) VALUES ('shop', 'dead', 1, now() - interval '1 s')",
  ],
  'an idempotency key of a send stands for no message': [
    `INSERT INTO idempotency_key (principal, route, key, body_hash, resource)
       VALUES ('user:usr_x', 'POST /v1/messages', 'k', 'h', 'msg_lost')`,
  ],
  'a message is being sent under a claim that nobody holds': [
    message({ status: "'SENDING'", claim_fence: '1' }),
    "INSERT INTO session_lease (session_id, owner, fence, expires_at) VALUES ('shop', 'dead', 1, now() - interval '1 s')",
  ],
  'a message has more or fewer tries than are written down': [message({ attempts: '1' })],
  'a status is parked for a message that is known': [
    message({ attempts: '1' }),
    attempt,
    "INSERT INTO parked_ack (session_id, provider_message_id, status, at) VALUES ('shop', 'p1', 'SENT', now())",
  ],
  'a batch has other figures than messages and refusals': [batch('RUNNING', 2), message({ batch_id: "'bat_x'" })],
  'a message of a batch goes through another session': [
    batch('RUNNING', 1),
    message({ batch_id: "'bat_x'", session_id: "'other'" }),
  ],
  'a message has a file that is not there': [message({ media_id: "'med_x'" })],
  'a file is said to be stored and has no name': [
    message({ direction: "'INBOUND'", status: "'RECEIVED'", media_status: "'STORED'" }),
  ],
  'a message came in and has a status of one that goes out': [message({ direction: "'INBOUND'", status: "'SENT'" })],
  'a message got further than its times say': [message({ status: "'READ'", sent_at: 'now()' })],
  'a message was sent to somebody who wants none': [
    "INSERT INTO opt_out (id, phone, source, created_at) VALUES ('opt_x', '+12025550110', 'api', now() - interval '1 h')",
    message({ attempts: '1', recipient: "'+12025550110'" }),
    attempt,
  ],
  'a message was sent before its time': [
    message({ attempts: '1', scheduled_at: "now() + interval '1 h'", recipient: "'+12025550110'" }),
    attempt,
  ],
  'a message of a paused batch is not held, or one of a running batch is': [
    batch('PAUSED', 1),
    message({ batch_id: "'bat_x'" }),
  ],
  'a durable consumer has given up an event': [
    "INSERT INTO event_dead_letter (consumer, event_id, error) VALUES ('c', 'e', 'Error')",
  ],
  'a cancelled batch still has something to send': [batch('CANCELLED', 1), message({ batch_id: "'bat_x'" })],
};

describe('the invariants', () => {
  let database: TestDatabase;
  let client: pg.Client;
  let query: Query;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.ownerUrl });
    await client.connect();
    query = async <Row extends object>(text: string, values: readonly unknown[] = []) =>
      (await client.query<Row>(text, [...values])).rows;
  });

  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it('hold in a database that nobody has used', async () => {
    expect(await findViolations(query)).toEqual([]);
  });

  it.each(Object.entries(BROKEN).filter(([, how]) => typeof how !== 'string'))('notice that %s', async (name, how) => {
    await query('BEGIN');
    try {
      for (const statement of how) await query(statement);
      const found = await findViolations(query, { isSettled: false });
      expect(found.filter((fault) => fault.startsWith(name))).toHaveLength(1);
    } finally {
      await query('ROLLBACK');
    }
  });
});
