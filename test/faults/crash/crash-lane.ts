import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';

import { loadCredentials, OWNER_ROLE, urlOf } from '../../../src/platform/embedded-postgres/postgres-credentials.js';
import type { Checkpoint } from '../../../src/platform/lifecycle/checkpoints.js';
import { eventually } from '../../support/eventually.js';
import type { HttpClient } from '../../support/http-client.js';
import { findViolations, type Query } from '../../support/invariants.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-postgres.js';
import { CrashServer } from './crash-server.js';
import { Load } from './load.js';
import { Random } from './random.js';

const READY_TIMEOUT_MS = 30_000;
const SETTLE_TIMEOUT_MS = 60_000;

/** Messages that have further to go. 0121 and 0131 never acknowledge, and 0101 never reads. */
const UNSETTLED = `
  SELECT id, status, recipient, on_uncertain, attempts FROM message AS m
  WHERE direction = 'OUTBOUND' AND (status IN ('QUEUED', 'SENDING') OR (status = 'SENT' AND recipient <> '+12025550121')
    OR (status = 'DELIVERED' AND recipient <> '+12025550101')
    OR ((status = 'UNCERTAIN' OR error_code = 'outcome-unknown') AND recipient NOT IN ('+12025550121', '+12025550131')
      AND EXISTS (SELECT FROM sandbox_arrival AS a WHERE a.message_id = m.id)))`;

/** How many passes of each point one seed may wait for: some are passed once a message, some once a batch. */
const PASSES: Readonly<Record<Checkpoint, number>> = {
  ...{ K0: 40, K1: 6, K2: 40, K3: 40, K4: 8, K5: 8, K6: 40, K7: 40, K8: 40, K9: 12, K10: 12 },
};
/** K1 is inside one statement: the death comes while it is under way. */
const MAX_STATEMENT_MS = 6;

export interface SeedResult {
  readonly messages: number;
  readonly acknowledged: number;
  readonly violations: readonly string[];
}

const seedOf = (point: Checkpoint, seed: number): number => Number(point.slice(1)) * 1_000_003 + seed;

/** One installation that dies and comes back, seed after seed. */
export class CrashLane {
  private server: CrashServer | undefined;
  private client: HttpClient | undefined;

  private constructor(
    private readonly dataDir: string,
    private readonly database: TestDatabase | undefined,
  ) {}

  /** On a PostgreSQL that outlives the server, or on the one that the server brings. */
  static async open({ isEmbedded = false }: { readonly isEmbedded?: boolean } = {}): Promise<CrashLane> {
    const dataDir = await mkdtemp(join(tmpdir(), 'waypost-crash-'));
    return new CrashLane(dataDir, isEmbedded ? undefined : await createTestDatabase());
  }

  async close(): Promise<void> {
    this.server?.signal('SIGTERM');
    await this.server?.exited;
    await this.database?.drop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** Kills the server at the point, starts it again, and looks for what may not be. */
  async run(point: Checkpoint, seed: number): Promise<SeedResult> {
    const random = new Random(seedOf(point, seed));
    const load = new Load(random, `${point}-${String(seed)}`);
    await this.die(point, random, load);
    const client = await this.begin();
    await load.repeatKeys(client);
    return this.withDatabase(async (query) => {
      await eventually(async () => (await query(UNSETTLED)).length === 0, SETTLE_TIMEOUT_MS).catch(async () => {
        load.faults.push(...(await query(UNSETTLED)).map((row) => `it did not come to rest: ${JSON.stringify(row)}`));
      });
      const violations = [
        ...load.faults,
        ...(await load.findOrderFaults(query)),
        ...(await findViolations(query, { acknowledged: load.acknowledged })),
      ];
      return { messages: load.sendings.length, acknowledged: load.acknowledged.length, violations };
    });
  }

  private async die(point: Checkpoint, random: Random, load: Load): Promise<void> {
    const client = this.client ?? (await this.begin());
    const { server } = this;
    if (server === undefined) throw new Error('There is no server to kill.');
    const left = random.between(1, PASSES[point]);
    if (point === 'K3')
      load.onAcknowledged = (count): void => {
        if (count === left) server.signal('SIGKILL');
      };
    else await server.arm({ point, left, afterMs: point === 'K1' ? random.between(0, MAX_STATEMENT_MS) : 0 });
    await load.runUntil(server.exited, client);
    await server.kill();
    this.server = this.client = undefined;
  }

  /** Starts the server, linked and READY. */
  private async begin(): Promise<HttpClient> {
    const { dataDir, database } = this;
    this.server = await CrashServer.start({ dataDir, ...(database && { database }) });
    const client = this.server.client.withToken(await this.server.signIn());
    const statusOf = async (): Promise<string> =>
      (await client.get<{ data: { status: string } }>('/whatsapp/connection-status')).body.data.status;
    if ((await this.isFirst()) && (await client.get('/whatsapp/admin/qr-code')).status === 200) {
      await client.post('/v1/sandbox/default/scan');
    }
    await eventually(async () => (await statusOf()) === 'READY', READY_TIMEOUT_MS);
    this.client = client;
    return client;
  }

  private isFirst(): Promise<boolean> {
    return this.withDatabase(async (query) => (await query('SELECT FROM sandbox_link')).length === 0);
  }

  private async withDatabase<T>(use: (query: Query) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: this.ownerUrl() });
    await client.connect();
    try {
      return await use(
        async <Row extends object>(text: string, values: readonly unknown[] = []) =>
          (await client.query<Row>(text, [...values])).rows,
      );
    } finally {
      await client.end();
    }
  }

  private ownerUrl(): string {
    if (this.database) return this.database.ownerUrl;
    const credentials = loadCredentials(this.dataDir, true);
    return urlOf(OWNER_ROLE, credentials.port ?? 0, credentials);
  }
}
