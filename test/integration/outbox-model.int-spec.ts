import fc from 'fast-check';
import pg from 'pg';

import { PrismaService } from '../../src/platform/prisma/prisma.service.js';
import { MemoryTables } from '../simulation/memory-tables.js';
import { operation, OutboxSides } from '../simulation/outbox-sides.js';
import { createTestPlatform, type TestPlatform } from '../support/test-platform.js';
import { createTestDatabase, type TestDatabase } from '../support/test-postgres.js';

const byId = (a: string, b: string): number => Number(a > b) - Number(a < b);

/** The simulation trusts a model of the statements of the outbox: this is the proof that both do the same. */
describe('the statements of the outbox and their model in memory', () => {
  let database: TestDatabase;
  let platform: TestPlatform;
  let prisma: PrismaService;
  let client: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    platform = await createTestPlatform({ database });
    prisma = platform.get(PrismaService);
    client = new pg.Client({ connectionString: database.ownerUrl });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await platform.close();
    await database.drop();
  });

  const dump = async (): Promise<object> => {
    const rows = async (text: string): Promise<unknown> => (await client.query<object>(text)).rows;
    return {
      messages: await rows(`SELECT id, status, attempts, claim_fence AS fence, error_code AS error,
        provider_message_id AS pid, due_at <= now() AS due, sent_at IS NOT NULL AS sent FROM message ORDER BY seq`),
      attempts: await rows(`SELECT message_id AS id, number, fence, provider_message_id AS pid, outcome
        FROM message_attempt ORDER BY message_id COLLATE "C", number`),
      timeline: await rows(`SELECT message_id AS id, status FROM message_timeline
        ORDER BY message_id COLLATE "C", message_timeline.id`),
      leases: await rows('SELECT session_id AS id, owner, fence, expires_at > now() AS held FROM session_lease'),
      parked: await rows('SELECT provider_message_id AS pid, status FROM parked_ack ORDER BY 1, 2'),
    };
  };

  const dumpOf = ({ rows, now }: MemoryTables): object => ({
    messages: rows.messages.map((row) => ({
      ...{ id: row.id, status: row.status, attempts: row.attempts, error: row.errorCode, pid: row.providerMessageId },
      ...{ fence: row.claimFence?.toString() ?? null, due: row.dueAt <= now(), sent: row.sentAt !== null },
    })),
    attempts: rows.attempts
      .map((a) => ({
        ...{ id: a.messageId, number: a.number, fence: String(a.fence), pid: a.providerMessageId, outcome: a.outcome },
      }))
      .sort((a, b) => byId(a.id, b.id) || a.number - b.number),
    timeline: [...rows.timeline]
      .sort((a, b) => byId(a.messageId, b.messageId))
      .map(({ messageId: id, status }) => ({ id, status })),
    leases: [...rows.leases].map(([id, { owner, fence: held, expiresAt }]) => ({
      ...{ id, owner, fence: String(held), held: expiresAt > now() },
    })),
    parked: rows.parked
      .map(({ providerMessageId: pid, status }) => ({ pid, status }))
      .sort((a, b) => (`${a.pid}${a.status}` < `${b.pid}${b.status}` ? -1 : 1)),
  });

  it('do the same with any history (property)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 10, maxLength: 30, size: 'max' }), async (history) => {
        await client.query('TRUNCATE message, message_attempt, message_timeline, session_lease, parked_ack CASCADE');
        const model = new MemoryTables(() => Date.now());
        const sides = new OutboxSides(model, prisma, client);
        for (const one of history) {
          await sides.apply(one);
          expect(dumpOf(model)).toEqual(await dump());
        }
      }),
      { numRuns: 120 },
    );
  }, 240_000);
});
