import type { Checkpoint } from '../../../src/platform/lifecycle/checkpoints.js';
import { eventually } from '../../support/eventually.js';
import { findViolations } from '../../support/invariants.js';
import { Installation } from './installation.js';
import { Load } from './load.js';
import { Random } from './random.js';

const SETTLE_TIMEOUT_MS = 60_000;
const REPLY_TIMEOUT_MS = 20_000;

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
  ...{ K11: 20, K12: 20, K13: 1 },
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
  private constructor(private readonly installation: Installation) {}

  /** On a PostgreSQL that outlives the server, or on the one that the server brings. */
  static async open({ isEmbedded = false }: { readonly isEmbedded?: boolean } = {}): Promise<CrashLane> {
    return new CrashLane(await Installation.open({ isEmbedded }));
  }

  close(): Promise<void> {
    return this.installation.close();
  }

  /** Kills the server at the point, starts it again, and looks for what may not be. */
  async run(point: Checkpoint, seed: number): Promise<SeedResult> {
    const random = new Random(seedOf(point, seed));
    const hears = point === 'K11' || point === 'K12';
    const load = new Load(random, { name: `${point}-${String(seed)}`, hears });
    await this.die(point, random, load);
    const { client } = await this.installation.serve();
    await load.repeatKeys(client);
    return this.installation.withDatabase(async (query) => {
      await eventually(async () => (await query(UNSETTLED)).length === 0, SETTLE_TIMEOUT_MS).catch(async () => {
        load.faults.push(...(await query(UNSETTLED)).map((row) => `it did not come to rest: ${JSON.stringify(row)}`));
      });
      await eventually(async () => (await load.findReplyFaults(query)).length === 0, REPLY_TIMEOUT_MS).catch(
        () => undefined,
      );
      const violations = [
        ...load.faults,
        ...(await load.findReplyFaults(query)),
        ...(await load.findOrderFaults(query)),
        ...(await findViolations(query, { acknowledged: load.acknowledged })),
      ];
      return { messages: load.sendings.length, acknowledged: load.acknowledged.length, violations };
    });
  }

  private async die(point: Checkpoint, random: Random, load: Load): Promise<void> {
    // Clearing up begins where an earlier death has left something.
    if (point === 'K13') {
      await this.die(random.pick(['K4', 'K5', 'K7', 'K8']), random, load);
      await this.installation.serveUntil({ point, left: 1 });
      return;
    }
    const { server, client } = await this.installation.serve();
    const left = random.between(1, PASSES[point]);
    if (point === 'K3') {
      load.onAcknowledged = (count): void => {
        if (count === left) server.signal('SIGKILL');
      };
    } else await server.arm({ point, left, afterMs: point === 'K1' ? random.between(0, MAX_STATEMENT_MS) : 0 });
    await load.runUntil(server.exited, client);
    await this.installation.forget();
  }
}
