import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { EmbeddedPostgres } from '../../../src/platform/embedded-postgres/embedded-postgres.js';
import { eventually } from '../../support/eventually.js';
import type { HttpClient } from '../../support/http-client.js';
import { findViolations, type Query } from '../../support/invariants.js';
import { RedisServer } from '../../support/redis-server.js';
import type { CrashServer } from '../crash/crash-server.js';
import { Installation } from '../crash/installation.js';
import { Random } from '../crash/random.js';
import { strike } from './mixed-faults.js';
import { MixedLoad } from './mixed-load.js';

const FAULT_EVERY_MS = 10_000;
const REST_MS = 4000;
const SETTLE_TIMEOUT_MS = 90_000;
/** From here on the process lives until the end. */
const SPARED_FROM = 0.6;
const STARTS_THAT_FAIL = 50;
const DESCRIPTORS_MORE = 10;
const MEMORY_TIMES = 1.5;
const ON_THE_WAY = `
  SELECT id, status, batch_id FROM message
  WHERE status IN ('SCHEDULED', 'QUEUED', 'SENDING') OR (direction = 'OUTBOUND' AND status IN ('SENT', 'DELIVERED'))`;

type Served = Awaited<ReturnType<Installation['serve']>>;

/** Of a process at rest: what of its heap is in use. */
interface Footprint {
  readonly descriptors: number;
  readonly mib: number;
}

export interface MixedResult {
  readonly strikes: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly messages: number;
  readonly before: Footprint;
  readonly after: Footprint;
  readonly faults: readonly string[];
}

const footprintOf = async (server: CrashServer): Promise<Footprint> => {
  const descriptors = (await readdir(`/proc/${String(server.pid)}/fd`)).length;
  return { descriptors, mib: Math.round((await server.weigh()) / 1024 / 1024) };
};

/** A server, its PostgreSQL and its Redis, a load of everything, and a fault every ten seconds. */
export class MixedRun {
  private readonly random: Random;
  private readonly load: MixedLoad;
  private readonly strikes: Record<string, number> = {};

  private constructor(
    seed: number,
    private readonly installation: Installation,
    private readonly redis: RedisServer,
    private readonly postgresDir: string,
    private readonly postgres: EmbeddedPostgres,
  ) {
    this.random = new Random(seed);
    this.load = new MixedLoad(this.random, `mixed-${String(seed)}`, () => this.client());
  }

  static async open(seed: number): Promise<MixedRun> {
    const postgresDir = await mkdtemp(join(tmpdir(), 'waypost-mixed-'));
    const log = { info: (): undefined => undefined, warn: (): undefined => undefined };
    const postgres = await EmbeddedPostgres.start({ dataDir: postgresDir, log });
    const redis = await RedisServer.start();
    const database = { url: postgres.url, ownerUrl: postgres.ownerUrl };
    const installation = await Installation.open({ database, env: { REDIS_URL: redis.url } });
    return new MixedRun(seed, installation, redis, postgresDir, postgres);
  }

  async close(): Promise<void> {
    await this.installation.close();
    await this.redis.kill();
    await this.postgres.stop();
    await rm(this.postgresDir, { recursive: true, force: true });
  }

  async run(durationMs: number): Promise<MixedResult> {
    await this.serve();
    const working = this.load.run();
    const began = performance.now();
    let before: Footprint | undefined;
    while (performance.now() - began < durationMs) {
      await sleep(FAULT_EVERY_MS);
      const isSpared = performance.now() - began > durationMs * SPARED_FROM;
      // Measured where the process has been under load for a while.
      if (isSpared) before ??= await this.measureAtRest();
      const fault = await strike(this.surroundings(), this.random, isSpared);
      this.strikes[fault] = (this.strikes[fault] ?? 0) + 1;
    }
    const after = await this.measureAtRest();
    this.load.end();
    await working;
    return this.conclude(before ?? after, after);
  }

  /** Starts it as often as it takes: a database that is just coming back keeps it from becoming READY. */
  private async serve(): Promise<Served> {
    for (;;) {
      try {
        return await this.installation.serve();
      } catch (error) {
        this.load.counts['starts that failed'] = (this.load.counts['starts that failed'] ?? 0) + 1;
        if (this.load.counts['starts that failed'] > STARTS_THAT_FAIL) throw error;
      }
    }
  }

  private surroundings(): Parameters<typeof strike>[0] {
    const { installation, postgresDir, redis } = this;
    return { installation, postgresDir, redis };
  }

  private async client(): Promise<HttpClient> {
    return (await this.serve()).client;
  }

  private async measureAtRest(): Promise<Footprint> {
    const { server } = await this.serve();
    this.load.rest(true);
    await sleep(REST_MS);
    const footprint = await footprintOf(server);
    this.load.rest(false);
    return footprint;
  }

  private async conclude(before: Footprint, after: Footprint): Promise<MixedResult> {
    await this.load.askAgain();
    const { load } = this;
    return this.installation.withDatabase(async (query) => {
      const unsettled = await this.settle(query);
      const [row] = await query<{ n: number }>('SELECT count(*)::int AS n FROM message');
      const faults = [
        ...unsettled,
        ...(await load.findFaults(query)),
        ...load.faults,
        ...(await findViolations(query, { acknowledged: load.acknowledged })),
        ...this.growth(before, after),
      ];
      return { strikes: this.strikes, counts: load.counts, messages: row?.n ?? 0, before, after, faults };
    });
  }

  private async settle(query: Query): Promise<readonly string[]> {
    try {
      await eventually(async () => {
        const isAtRest = (await query(ON_THE_WAY)).length === 0;
        return isAtRest && (await this.load.findFaults(query)).length === 0;
      }, SETTLE_TIMEOUT_MS);
      return [];
    } catch {
      return (await query(ON_THE_WAY)).slice(0, 10).map((row) => `it did not come to rest: ${JSON.stringify(row)}`);
    }
  }

  private growth(before: Footprint, after: Footprint): readonly string[] {
    const faults: string[] = [];
    const seen = `${JSON.stringify(before)} became ${JSON.stringify(after)}`;
    if (after.descriptors > before.descriptors + DESCRIPTORS_MORE) faults.push(`more descriptors: ${seen}`);
    if (after.mib > before.mib * MEMORY_TIMES) faults.push(`more memory: ${seen}`);
    return faults;
  }
}
