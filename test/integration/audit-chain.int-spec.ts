import fc from 'fast-check';
import pg from 'pg';

import { AccessModule } from '../../src/modules/access/index.js';
import { CacheModule } from '../../src/platform/cache/cache.module.js';
import { HealthModule } from '../../src/platform/health/health.module.js';
import { ThrottleModule } from '../../src/platform/http/throttle/throttle.module.js';
import { AuditModule, AuditTrail } from '../../src/modules/audit/index.js';
import { AuditVerifier, type Verification } from '../../src/modules/audit/audit-verifier.js';
import { GENESIS_HASH } from '../../src/modules/audit/domain/audit-entry.js';
import { Transactions } from '../../src/platform/prisma/transactions.js';
import { createTestPlatform, type TestPlatform } from '../support/test-platform.js';
import { createTestDatabase, type TestDatabase } from '../support/test-postgres.js';

const IMPORTS = [CacheModule, HealthModule, ThrottleModule, AccessModule, AuditModule];

const connect = async (connectionString: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
};

const write = (platform: TestPlatform, count: number, from = 0): Promise<void> =>
  platform.get(Transactions).run((tx) =>
    platform.get(AuditTrail).record(
      tx,
      ...Array.from({ length: count }, (_, i) => ({
        action: 'tests.act',
        target: `thing-${String(from + i)}`,
        actor: { kind: 'user', id: 'usr_1', name: 'Ada' },
        detail: { number: from + i },
      })),
    ),
  );

describe('the audit chain', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let platform: TestPlatform;

  const verify = (): Promise<Verification> => platform.get(AuditVerifier).verify();

  beforeEach(async () => {
    database = await createTestDatabase();
    owner = await connect(database.ownerUrl);
    platform = await createTestPlatform({ database, imports: IMPORTS });
    await platform.start();
  });

  afterEach(async () => {
    await platform.close();
    await owner.end();
    await database.drop();
  });

  it('is whole while it is empty', async () => {
    expect(await verify()).toEqual({ entries: 0n, head: { seq: 0n, hash: GENESIS_HASH }, firstBad: null });
  });

  it('has the same sums in PostgreSQL and here, for any text', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }).filter((value) => !value.includes('\0') && value.isWellFormed()),
      fc.constantFrom('"', "'", '\\', '\n', '\r\n', '\u2028', '😀', '{"a":1}', 'E\\n', "'; DROP TABLE", '\u007f\u0001'),
    );
    const detail = fc.dictionary(text, fc.oneof(text, fc.integer(), fc.double(), fc.boolean(), fc.constant(null)), {
      maxKeys: 5,
    });
    const draft = fc.record({
      action: text,
      target: text,
      actor: fc.record({ kind: text, id: text, name: text }),
      detail,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(draft, { minLength: 1, maxLength: 4 }), async (drafts) => {
        await platform.get(Transactions).run((tx) => platform.get(AuditTrail).record(tx, ...drafts));
      }),
      { numRuns: 150 },
    );
    const { firstBad, entries } = await verify();
    expect(firstBad).toBeNull();
    expect(entries).toBeGreaterThan(150n);
  });

  it('U1 has no entry of a transaction that rolled back', async () => {
    await write(platform, 2);
    const rolledBack = platform.get(Transactions).run(async (tx) => {
      await platform.get(AuditTrail).record(tx, { action: 'tests.act' });
      throw new Error('changed my mind');
    });
    await expect(rolledBack).rejects.toThrow('changed my mind');
    await write(platform, 1);
    expect(await verify()).toMatchObject({ entries: 3n, firstBad: null });
  });

  it('U2 refuses UPDATE, DELETE and TRUNCATE to the role of the application and to the owner', async () => {
    await write(platform, 3);
    const application = await connect(database.url);
    for (const client of [application, owner]) {
      for (const statement of [
        `UPDATE audit_entry SET action = 'other'`,
        `UPDATE audit_entry SET action = 'other' WHERE seq = 2`,
        'DELETE FROM audit_entry WHERE seq = 3',
        'TRUNCATE audit_entry',
        'TRUNCATE audit_entry CASCADE',
      ]) {
        await expect(client.query(statement)).rejects.toMatchObject({
          code: '42501',
          message: expect.stringContaining('permission denied') as string,
        });
      }
    }
    await expect(application.query('ALTER TABLE audit_entry DISABLE TRIGGER USER')).rejects.toThrow('must be owner');
    await expect(application.query('DROP TABLE audit_entry')).rejects.toThrow('must be owner');
    await application.end();
    expect(await verify()).toMatchObject({ entries: 3n, firstBad: null });
  });

  it('U4 is one chain when 50 writers in two processes write at once', async () => {
    const other = await createTestPlatform({ database, imports: IMPORTS });
    await other.start();
    const writers = Array.from({ length: 50 }, async (_, writer) => {
      for (let i = 0; i < 10; i += 1) await write(writer % 2 === 0 ? platform : other, 1 + (i % 3), writer * 100 + i);
    });
    await Promise.all(writers);
    await other.close();
    const { rows } = await owner.query<{ entries: string; links: string }>(
      'SELECT count(*) AS entries, count(DISTINCT previous_hash) AS links FROM audit_entry',
    );
    expect(rows[0]).toEqual({ entries: '950', links: '950' });
    expect(await verify()).toMatchObject({ entries: 950n, head: { seq: 950n }, firstBad: null });
  }, 60_000);
});

describe('a chain of 10,000 entries that somebody tampers with (U3)', () => {
  const COUNT = 10_000;
  let database: TestDatabase;
  let owner: pg.Client;
  let platform: TestPlatform;

  beforeAll(async () => {
    database = await createTestDatabase();
    owner = await connect(database.ownerUrl);
    platform = await createTestPlatform({ database, imports: IMPORTS });
    await platform.start();
    for (let from = 0; from < COUNT; from += 1000) await write(platform, 1000, from);
    await owner.query(`
      ALTER TABLE audit_entry DISABLE TRIGGER USER;
      CREATE TABLE backup_entry AS SELECT * FROM audit_entry;
      CREATE TABLE backup_head AS SELECT * FROM audit_head;
      -- What somebody would do who knows how the sums are made, and the texts that were hashed.
      CREATE FUNCTION rehash(since bigint, through bigint) RETURNS void LANGUAGE plpgsql AS $$
      DECLARE entry audit_entry%ROWTYPE; last text;
      BEGIN
        FOR entry IN SELECT * FROM audit_entry WHERE seq BETWEEN since AND through ORDER BY seq LOOP
          SELECT hash INTO last FROM audit_entry WHERE seq = entry.seq - 1;
          UPDATE audit_entry SET previous_hash = last, hash = encode(sha256(convert_to(entry.seq || E'\\n' || last || E'\\n'
            || '{"action":' || to_json(entry.action) || ',"actor":{"id":"usr_1","kind":"user","name":"Ada"},"at":'
            || to_json(to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
            || ',"detail":' || to_json(entry.detail) || ',"id":' || to_json(entry.id)
            || ',"outcome":"success","requestId":null,"target":' || to_json(entry.target) || '}', 'UTF8')), 'hex')
          WHERE seq = entry.seq;
        END LOOP;
      END $$;`);
  }, 60_000);

  afterEach(() =>
    owner.query(`
      TRUNCATE audit_entry; INSERT INTO audit_entry SELECT * FROM backup_entry;
      DELETE FROM audit_head; INSERT INTO audit_head SELECT * FROM backup_head;`),
  );

  afterAll(async () => {
    await platform.close();
    await owner.end();
    await database.drop();
  });

  const firstBad = async (): Promise<{ seq: number; id: string | null; reason: string } | null> => {
    const { firstBad: bad } = await platform.get(AuditVerifier).verify();
    return bad && { ...bad, seq: Number(bad.seq) };
  };

  const idAt = async (seq: number): Promise<string> =>
    (await owner.query<{ id: string }>('SELECT id FROM backup_entry WHERE seq = $1', [seq])).rows[0]?.id ?? '';

  it('is whole before', async () => {
    const began = performance.now();
    expect(await firstBad()).toBeNull();
    process.stdout.write(`audit: ${String(COUNT)} entries verified in ${(performance.now() - began).toFixed(0)} ms\n`);
  });

  it.each([
    ['who', `actor_name = 'Eve'`],
    ['who, by id', `actor_id = NULL`],
    ['what kind of somebody', `actor_kind = 'system'`],
    ['what', `action = 'tests.other'`],
    ['to what', `target = NULL`],
    ['the outcome', `outcome = 'denied'`],
    ['when', `at = at + interval '1 millisecond'`],
    ['when, to no time at all', `at = 'infinity'`],
    ['the request', `request_id = 'other'`],
    ['the detail', `detail = '{"number":-1}'`],
    ['the form of the detail', `detail = ' ' || detail`],
    ['the id', `id = id || 'x'`],
    ['the hash', `hash = repeat('0', 64)`],
  ])('names an entry in which was changed: %s', async (_what, assignment) => {
    for (const seq of [1, 1000, 1001, 7777, COUNT]) {
      await owner.query(`UPDATE audit_entry SET ${assignment} WHERE seq = $1`, [seq]);
    }
    for (const seq of [1, 1000, 1001, 7777, COUNT]) {
      expect(await firstBad()).toMatchObject({ seq, reason: 'changed' });
      await owner.query('DELETE FROM audit_entry WHERE seq = $1', [seq]);
      await owner.query('INSERT INTO audit_entry SELECT * FROM backup_entry WHERE seq = $1', [seq]);
    }
    expect(await firstBad()).toBeNull();
  });

  it('names the next entry when the changed one was given a sum of its own', async () => {
    await owner.query(`UPDATE audit_entry SET action = 'tests.other' WHERE seq = 4321; SELECT rehash(4321, 4321)`);
    expect(await firstBad()).toEqual({ seq: 4322, id: await idAt(4322), reason: 'unlinked' });
  });

  it('sees by the head that everything after a change was given new sums', async () => {
    await owner.query('SELECT rehash(9000, 10000)');
    expect(await firstBad()).toBeNull();
    await owner.query(`UPDATE audit_entry SET action = 'tests.other' WHERE seq = 9000; SELECT rehash(9000, 10000)`);
    expect(await firstBad()).toMatchObject({ seq: COUNT, reason: 'other-head' });
  });

  it.each([1, 2, 1000, 5555, 9999])('names the place of a deleted entry: %i', async (seq) => {
    await owner.query('DELETE FROM audit_entry WHERE seq = $1', [seq]);
    expect(await firstBad()).toEqual({ seq, id: null, reason: 'missing' });
  });

  it('names the entry that took the place of a deleted one', async () => {
    await owner.query('DELETE FROM audit_entry WHERE seq = 3000');
    await owner.query('UPDATE audit_entry SET seq = -seq WHERE seq > 3000');
    await owner.query('UPDATE audit_entry SET seq = -seq - 1 WHERE seq < 0');
    expect(await firstBad()).toEqual({ seq: 3000, id: await idAt(3001), reason: 'unlinked' });
  });

  it.each([
    [1, 2],
    [1000, 1001],
    [17, 9876],
  ])('names the first of two entries that were swapped: %i and %i', async (first, second) => {
    await owner.query('UPDATE audit_entry SET seq = -seq WHERE seq IN ($1, $2)', [first, second]);
    await owner.query('UPDATE audit_entry SET seq = $1 WHERE seq = $2', [first, -second]);
    await owner.query('UPDATE audit_entry SET seq = $1 WHERE seq = $2', [second, -first]);
    expect(await firstBad()).toEqual({ seq: first, id: await idAt(second), reason: 'unlinked' });
  });

  it.each([1, 2500, 10_000])('names an entry that was put in at %i', async (seq) => {
    await owner.query('UPDATE audit_entry SET seq = -seq WHERE seq >= $1', [seq]);
    await owner.query('UPDATE audit_entry SET seq = -seq + 1 WHERE seq < 0');
    await owner.query(
      `INSERT INTO audit_entry SELECT $1::bigint, 'aud_forged', at, actor_kind, actor_id, actor_name, action, target, outcome,
         request_id, detail, previous_hash, hash FROM backup_entry WHERE seq = $1`,
      [seq],
    );
    expect(await firstBad()).toEqual({ seq, id: 'aud_forged', reason: 'changed' });
  });

  it('names an entry that was put before the first and one that was put behind the last', async () => {
    const insert = `INSERT INTO audit_entry SELECT $1::bigint, 'aud_forged', at, actor_kind, actor_id, actor_name, action,
      target, outcome, request_id, detail, previous_hash, hash FROM backup_entry WHERE seq = 1`;
    await owner.query(insert, [COUNT + 1]);
    expect(await firstBad()).toEqual({ seq: COUNT + 1, id: 'aud_forged', reason: 'surplus' });
    await owner.query(insert.replace("'aud_forged'", "'aud_zero'"), [0]);
    expect(await firstBad()).toEqual({ seq: 0, id: 'aud_zero', reason: 'surplus' });
  });

  it('names the first of the entries that were cut off', async () => {
    await owner.query('DELETE FROM audit_entry WHERE seq > 9990');
    expect(await firstBad()).toEqual({ seq: 9991, id: null, reason: 'missing' });
    await owner.query('DELETE FROM audit_entry');
    expect(await firstBad()).toEqual({ seq: 1, id: null, reason: 'missing' });
  });
});
