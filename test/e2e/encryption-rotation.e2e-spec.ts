import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { SealedRowsRepository } from '../../src/modules/encryption/sealed-rows.repository.js';
import { EncryptionKey, KeyRing } from '../../src/platform/crypto/key-ring.js';
import { replaceKeyFile } from '../../src/platform/crypto/key-files.js';
import { SecretBox } from '../../src/platform/crypto/secret-box.js';
import { SealedColumns } from '../../src/platform/crypto/sealed-columns.js';
import { secretsDirectory } from '../../src/platform/crypto/secrets.js';
import { Transactions } from '../../src/platform/prisma/transactions.js';
import { eventually } from '../support/eventually.js';
import { createTestApp, type TestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-postgres.js';

const SUPPORT = join(import.meta.dirname, '../support');
const SEALED = /v1\.[0-9a-f]{8}\.[A-Za-z0-9_-]{30,}/;

/** A session of the sandbox takes no proxy; those of the web engine are made here, and none is opened. */
const NO_BROWSER = { PUPPETEER_EXECUTABLE_PATH: process.execPath, CHROMIUM_SANDBOX: 'false' };

const newKey = (): string => randomBytes(48).toString('base64url');
const idOf = (text: string): string => new EncryptionKey(text, 'a test').id;
const proxyOf = (n: number): string => `http://user:canary-${String(n)}@proxy-${String(n)}.example:3128`;

interface Row {
  readonly id: string;
  readonly proxy: string;
}

/** Opens what stands in the database, past the application. */
const opener = (first: string, ...others: readonly string[]): ((row: Row) => string | null) => {
  const keyOf = (text: string): EncryptionKey => new EncryptionKey(text, 'a test');
  const box = new SecretBox(new KeyRing(keyOf(first), others.map(keyOf)), 'session.proxy');
  return ({ id, proxy }) => box.open(proxy, [id]);
};

const proxiesIn = (app: TestApp): Promise<readonly Row[]> =>
  app.query<Row>('SELECT id, proxy FROM session WHERE proxy IS NOT NULL ORDER BY id');

const keysIn = async (app: TestApp): Promise<readonly string[]> => {
  const rows = await app.query<{ key: string }>(`
    SELECT DISTINCT substring(sealed FROM 4 FOR 8) AS key FROM (
      SELECT proxy AS sealed FROM session UNION ALL SELECT body #>> '{}' FROM idempotency_key) AS t
    WHERE sealed IS NOT NULL ORDER BY 1`);
  return rows.map(({ key }) => key);
};

const makeSession = async (app: TestApp, id: string, n: number): Promise<void> => {
  const admin = await app.as('ADMIN');
  const answer = await admin.post('/v1/sessions', { id, name: id, engine: 'web', proxy: proxyOf(n) });
  if (answer.status !== 201) throw new Error(answer.text);
};

const setProxy = async (app: TestApp, id: string, n: number): Promise<number> =>
  (await (await app.as('ADMIN')).call(`/v1/sessions/${id}`, { method: 'PATCH', body: { proxy: proxyOf(n) } })).status;

describe('secrets at rest (e2e)', () => {
  let database: TestDatabase;
  const apps: TestApp[] = [];
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const app of apps.splice(0)) await app.close();
    await database.drop();
  });

  const start = async (env: Partial<NodeJS.ProcessEnv> = {}, admin = true): Promise<TestApp> => {
    const app = await createTestApp({ database, env: { ...NO_BROWSER, ...env }, admin });
    apps.push(app);
    return app;
  };

  /** Sessions with proxies past the interface: more of them than one portion takes. */
  const plantSessions = async (app: TestApp, key: string, count: number): Promise<void> => {
    const box = new SecretBox(new KeyRing(new EncryptionKey(key, 'a test')), 'session.proxy');
    const ids = Array.from({ length: count }, (_, n) => `planted-${String(n).padStart(6, '0')}`);
    await app.query(
      `INSERT INTO session (id, name, engine, proxy)
       SELECT id, id, 'web', proxy FROM unnest($1::text[], $2::text[]) AS t (id, proxy)`,
      [ids, ids.map((id, n) => box.seal(proxyOf(n), [id]))],
    );
  };

  it('Q6 a new key in a file is taken over while traffic runs, and every stored secret is sealed with it', async () => {
    const app = await start();
    const admin = await app.as('ADMIN');
    for (let n = 0; n < 5; n += 1) await makeSession(app, `shop-${String(n)}`, n);
    const user = { email: 'ann@example.org', name: 'Ann', role: 'VIEWER' };
    const first = await admin.post('/v1/users', user, { 'idempotency-key': 'the-key' });
    const [old] = await keysIn(app);

    const traffic = new AbortController();
    const newest = new Map<string, number>();
    const running = (async (): Promise<void> => {
      for (let n = 100; !traffic.signal.aborted; n += 1) {
        const id = `shop-${String(n % 5)}`;
        expect(await setProxy(app, id, n)).toBe(200);
        newest.set(id, n);
        const again = await admin.post('/v1/users', user, { 'idempotency-key': 'the-key' });
        expect(again).toMatchObject({ status: 201, text: first.text });
      }
    })();
    await sleep(300);
    const next = await replaceKeyFile(secretsDirectory(app.dataDir));
    await eventually(async () => {
      const keys = await keysIn(app);
      return keys.length === 1 && keys[0] === next.id;
    }, 15_000);
    await sleep(500);
    traffic.abort();
    await running;

    expect(next.id).not.toBe(old);
    expect(await keysIn(app)).toEqual([next.id]);
    const text = readFileSync(next.origin, 'utf8').trim();
    for (const row of await proxiesIn(app)) expect(opener(text)(row)).toBe(proxyOf(newest.get(row.id) ?? NaN));
    const listed = await admin.get<{ data: { id: string; proxy: string }[] }>('/v1/sessions');
    for (const { id, proxy } of listed.body.data.filter((session) => session.id !== 'default')) {
      expect(proxy).toBe(`proxy-${String(newest.get(id))}.example:3128`);
    }
    const trail = (): Promise<readonly { action: string; target: string; detail: string }[]> =>
      app.query("SELECT action, target, detail FROM audit_entry WHERE action LIKE 'encryption-keys.%' ORDER BY seq");
    await eventually(async () => (await trail()).length === 2);
    expect(await trail()).toMatchObject([
      { action: 'encryption-keys.introduce', target: next.id, detail: JSON.stringify({ replaces: old }) },
      { action: 'encryption-keys.complete', target: next.id },
    ]);
    const metrics = (await admin.get('/metrics')).text;
    expect(metrics).toContain('waypost_sealed_secrets{key="current"} 6');
    expect(metrics).toContain('waypost_sealed_secrets{key="old"} 0');
  }, 120_000);

  it('Q6 two processes, one with the old key alone: no write is lost, and what it cannot read it says by name', async () => {
    const [old, next] = [newKey(), newKey()];
    const behind = await start({ ENCRYPTION_KEY: old });
    for (let n = 0; n < 5; n += 1) await makeSession(behind, `shop-${String(n)}`, n);
    await plantSessions(behind, old, 1500);
    const ahead = await start({ ENCRYPTION_KEY: next, ENCRYPTION_KEYS_OLD: old });

    const newest = new Map<string, number>();
    const write = async (app: TestApp, id: string, rounds: number): Promise<void> => {
      for (let n = 1000; n < 1000 + rounds; n += 1) {
        expect(await setProxy(app, id, n)).toBe(200);
        newest.set(id, n);
      }
    };
    await Promise.all([
      ...['shop-0', 'shop-1', 'shop-2'].map((id) => write(behind, id, 40)),
      write(ahead, 'shop-3', 40),
    ]);
    const rows = await proxiesIn(ahead);
    for (const row of rows.filter(({ id }) => newest.has(id))) {
      expect(opener(next, old)(row)).toBe(proxyOf(newest.get(row.id) ?? NaN));
    }
    // Whoever was cut off from the new key still seals with the old one; the next look finds it.
    const again = await start({ ENCRYPTION_KEY: next, ENCRYPTION_KEYS_OLD: old });
    await eventually(async () => (await keysIn(again)).join() === idOf(next), 15_000);
    for (const row of await proxiesIn(again)) {
      const n = row.id.startsWith('planted-')
        ? Number(row.id.slice(8))
        : (newest.get(row.id) ?? Number(row.id.slice(5)));
      expect(opener(next)(row)).toBe(proxyOf(n));
    }

    const admin = await behind.as('ADMIN');
    await admin.post('/v1/sessions/shop-3/start');
    await eventually(async () => {
      const { text } = await admin.get('/v1/sessions/shop-3');
      expect(text).not.toContain('canary');
      return text.includes(`sealed with the encryption key ${idOf(next)}`);
    });
    const user = { email: 'ann@example.org', name: 'Ann', role: 'VIEWER' };
    const one = await (await ahead.as('ADMIN')).post('/v1/users', user, { 'idempotency-key': 'the-key' });
    expect(one.status).toBe(201);
    const refused = await admin.post('/v1/users', user, { 'idempotency-key': 'the-key' });
    expect(refused).toMatchObject({ status: 503, body: { code: 'encryption-key-missing', keyId: idOf(next) } });
    expect(await behind.query("SELECT 1 FROM app_user WHERE email = 'ann@example.org'")).toHaveLength(1);
    const late = await start({ ENCRYPTION_KEY: old });
    await eventually(async () => {
      const health = await (await late.as('ADMIN')).get<{ problems: { sentence: string }[] }>('/health/ready');
      return health.body.problems.some(({ sentence }) => sentence.includes(idOf(next)));
    });
    // It seals with a key that was replaced, and takes nothing back under it.
    expect(await keysIn(late)).toEqual([idOf(next)]);
  }, 120_000);

  it('Q6 what is written between the look and the sealing anew stays, and what is held is passed over', async () => {
    const [old, next] = [newKey(), newKey()];
    const app = await start({ ENCRYPTION_KEY: old });
    await plantSessions(app, old, 3);
    const rows = app.app.get(SealedRowsRepository, { strict: false });
    const column = app.app.get(SealedColumns, { strict: false }).all.find(({ table }) => table === 'session');
    if (column === undefined) throw new Error('There is no such column.');
    const { rows: found } = await rows.findOthers(column, idOf(next), null, 100);
    expect(found).toHaveLength(3);
    const stale = found.map((row) => ({ ...row, anew: `v1.${idOf(next)}.${'x'.repeat(60)}` }));
    expect(await setProxy(app, 'planted-000001', 77)).toBe(200);

    const holder = new pg.Client({ connectionString: database.ownerUrl });
    await holder.connect();
    try {
      await holder.query("BEGIN; SELECT 1 FROM session WHERE id = 'planted-000002' FOR UPDATE");
      const replace = (): Promise<number> =>
        app.app.get(Transactions, { strict: false }).run((tx) => rows.replace(column, stale, tx.db));
      expect(await replace()).toBe(1);
    } finally {
      await holder.end();
    }
    const now = await proxiesIn(app);
    expect(now.map(({ proxy }) => proxy.startsWith(`v1.${idOf(next)}.`))).toEqual([true, false, false]);
    const open = opener(old);
    expect(now.slice(1).map(open)).toEqual([proxyOf(77), proxyOf(2)]);
  }, 60_000);

  it('Q6 a process that is killed in the middle leaves every secret whole, and the next one goes on', async () => {
    const [old, next] = [newKey(), newKey()];
    const first = await start({ ENCRYPTION_KEY: old });
    await plantSessions(first, old, 3000);
    const resealed = async (): Promise<number> =>
      Number(
        (await first.query<{ n: string }>('SELECT resealed AS n FROM encryption_key WHERE id = $1', [idOf(next)]))[0]
          ?.n ?? 0,
      );

    let before = 0;
    for (let death = 0; death < 2; death += 1) {
      const child = spawn(
        process.execPath,
        ['--import', join(SUPPORT, 'ts-loader.mjs'), join(SUPPORT, 'app.process.ts'), database.url, database.ownerUrl],
        {
          env: { ...process.env, NODE_OPTIONS: '', ENCRYPTION_KEY: next, ENCRYPTION_KEYS_OLD: old },
          stdio: 'ignore',
        },
      );
      children.push(child);
      const from = before;
      await eventually(async () => (await resealed()) > from, 60_000);
      child.kill('SIGKILL');
      before = await resealed();
      expect(before).toBeLessThan(3000);
      const rows = await proxiesIn(first);
      expect(rows).toHaveLength(3000);
      for (const row of rows) expect(opener(next, old)(row)).toBe(proxyOf(Number(row.id.slice(8))));
      const anew = rows.filter(({ proxy }) => proxy.startsWith(`v1.${idOf(next)}.`));
      expect(anew).toHaveLength(await resealed());
    }
    const last = await start({ ENCRYPTION_KEY: next, ENCRYPTION_KEYS_OLD: old });
    await eventually(async () => (await keysIn(last)).join() === idOf(next), 60_000);
    await eventually(async () => (await resealed()) === 3000);
    const ends = (): Promise<readonly object[]> =>
      last.query("SELECT 1 FROM audit_entry WHERE action = 'encryption-keys.complete'");
    await eventually(async () => (await ends()).length === 1);
  }, 240_000);

  it('Q6 nothing that was told as a secret stands in the database or on the disk, and every sealed column is known', async () => {
    const app = await start();
    const admin = await app.as('ADMIN');
    await makeSession(app, 'shop', 7);
    const key = await admin.post<{ key: string }>(
      '/v1/api-keys',
      { name: 'a program', scopes: ['messages:send'] },
      { 'idempotency-key': 'make-a-key' },
    );
    const person = await admin.post<{ password: string }>(
      '/v1/users',
      { email: 'ann@example.org', name: 'Ann', role: 'VIEWER' },
      { 'idempotency-key': 'make-a-person' },
    );
    const cloud = { accessToken: 'canary-access', appSecret: 'canary-secret', verifyToken: 'canary-verify' };
    await admin.post('/v1/sessions', { id: 'meta', name: 'Meta', engine: 'cloud' });
    const body = { phoneNumberId: '30', accountId: '20', ...cloud };
    expect((await admin.call('/v1/sessions/meta/cloud', { method: 'PUT', body })).status).toBe(200);
    const canaries = ['canary-7', key.body.key.split('_')[3] ?? '', person.body.password, ...Object.values(cloud)];
    for (const canary of canaries) expect(canary.length).toBeGreaterThan(7);

    const tables = await app.query<{ table: string }>(
      "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS table FROM information_schema.tables WHERE table_schema IN ('public', 'pgboss') AND table_type = 'BASE TABLE'",
    );
    const sealedIn = new Set<string>();
    for (const { table } of tables) {
      const cells = await app.query<{ name: string; value: string }>(
        `SELECT DISTINCT cell.key AS name, cell.value FROM ${table} AS t, jsonb_each_text(to_jsonb(t)) AS cell
         WHERE cell.value IS NOT NULL`,
      );
      for (const { name, value } of cells) {
        expect(canaries.filter((canary) => value.includes(canary))).toEqual([]);
        if (SEALED.test(value)) sealedIn.add(`${table.replace('public.', '')}.${name}`);
      }
    }
    const known = app.app.get(SealedColumns, { strict: false }).all.map(({ table, column }) => `${table}.${column}`);
    const ofCloud = ['access_token', 'app_secret', 'verify_token'].map((column) => `cloud_number.${column}`);
    expect([...sealedIn].sort()).toEqual([...ofCloud, 'idempotency_key.body', 'session.proxy']);
    expect([...known].sort()).toEqual([...sealedIn].sort());

    const files = globSync('**/*', { cwd: app.dataDir }).map((name) => join(app.dataDir, name));
    for (const file of files.filter((path) => statSync(path).isFile())) {
      const text = readFileSync(file, 'latin1');
      for (const canary of canaries) expect(text).not.toContain(canary);
    }
  });
});
