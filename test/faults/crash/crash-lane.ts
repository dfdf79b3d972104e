import type { Checkpoint } from '../../../src/platform/lifecycle/checkpoints.js';
import { eventually } from '../../support/eventually.js';
import { findViolations, type Query } from '../../support/invariants.js';
import type { Death } from './crash-server.js';
import { Installation } from './installation.js';
import { Load, type LoadOptions } from './load.js';
import { Random } from './random.js';
import { WebPhone } from './web-phone.js';

const SETTLE_TIMEOUT_MS = 60_000;
const REPLY_TIMEOUT_MS = 20_000;

/** Messages that have further to go. 0121 and 0131 never acknowledge, and 0101 never reads. */
const UNSETTLED = `
  SELECT id, status, recipient, on_uncertain, attempts FROM message AS m
  WHERE direction = 'OUTBOUND' AND (status IN ('QUEUED', 'SENDING') OR (status = 'SENT' AND recipient <> '+12025550121')
    OR (status = 'DELIVERED' AND recipient <> '+12025550101')
    OR ((status = 'UNCERTAIN' OR error_code = 'outcome-unknown') AND recipient NOT IN ('+12025550121', '+12025550131')
      AND EXISTS (SELECT FROM sandbox_arrival AS a WHERE a.message_id = m.id)))`;

/** On web nobody is difficult, and what was tried becomes known from the page after the restart. */
const UNSETTLED_ON_WEB = `
  SELECT id, status, recipient, on_uncertain, attempts FROM message
  WHERE direction = 'OUTBOUND' AND status IN ('QUEUED', 'SENDING')`;

/** How many passes of each point one seed may wait for: some are passed once a message, some once a batch. */
const PASSES: Readonly<Record<Checkpoint, number>> = {
  ...{ K0: 40, K1: 6, K2: 40, K3: 40, K4: 8, K5: 8, K6: 40, K7: 40, K8: 40, K9: 12, K10: 12 },
  ...{ K11: 20, K12: 20, K13: 1 },
};
/** Through a page goes one message after the other, so that each point is passed once a message. */
const WEB_PASSES = 10;
const WEB_LOAD: Omit<LoadOptions, 'name'> = {
  recipients: ['+5511911111111', '+5511922222222', '+5511933333333', '+5511944444444', '+12025550101'],
  ...{ maxWave: 8, maxMessages: 16 },
};
/** The longest that a death may come after the page was given a message: it takes the page that long to send it. */
const MAX_HAND_OVER_MS = 40;
/** K1 is inside one statement: the death comes while it is under way. */
const MAX_STATEMENT_MS = 6;

export interface SeedResult {
  readonly messages: number;
  readonly acknowledged: number;
  readonly violations: readonly string[];
}

const seedOf = (point: Checkpoint, seed: number): number => Number(point.slice(1)) * 1_000_003 + seed;

export interface CrashLaneOptions {
  readonly engine?: 'sandbox' | 'web';
  /** The server brings its own PostgreSQL; else it has one that outlives it. */
  readonly isEmbedded?: boolean;
}

/** One installation that dies and comes back, seed after seed. */
export class CrashLane {
  private constructor(
    private readonly installation: Installation,
    private readonly phone: WebPhone | undefined,
  ) {}

  static async open({ engine = 'sandbox', isEmbedded = false }: CrashLaneOptions = {}): Promise<CrashLane> {
    const phone = engine === 'web' ? await WebPhone.open() : undefined;
    return new CrashLane(await Installation.open({ isEmbedded, ...phone?.options }), phone);
  }

  async close(): Promise<void> {
    await this.installation.close();
    await this.phone?.close();
  }

  /** Kills the server at the point, starts it again, and looks for what may not be. */
  async run(point: Checkpoint, seed: number): Promise<SeedResult> {
    const random = new Random(seedOf(point, seed));
    const hears = point === 'K11' || point === 'K12';
    const load = new Load(random, { ...(this.phone && WEB_LOAD), name: `${point}-${String(seed)}`, hears });
    await this.die(point, random, load);
    const { client } = await this.installation.serve();
    await load.repeatKeys(client);
    return this.installation.withDatabase(async (query) => {
      const unsettled = this.phone ? UNSETTLED_ON_WEB : UNSETTLED;
      await eventually(async () => (await query(unsettled)).length === 0, SETTLE_TIMEOUT_MS).catch(async () => {
        load.faults.push(...(await query(unsettled)).map((row) => `it did not come to rest: ${JSON.stringify(row)}`));
      });
      const violations = [...load.faults, ...(await this.findFaults(query, load))];
      return { messages: load.sendings.length, acknowledged: load.acknowledged.length, violations };
    });
  }

  private async findFaults(query: Query, load: Load): Promise<readonly string[]> {
    const { acknowledged } = load;
    await eventually(async () => (await load.findReplyFaults(query)).length === 0, REPLY_TIMEOUT_MS).catch(
      () => undefined,
    );
    const arrivals = await this.phone?.arrivals();
    return [
      ...(await load.findReplyFaults(query)),
      ...(await load.findOrderFaults(query)),
      ...((await this.phone?.findOrderFaults(query)) ?? []),
      ...((await this.phone?.findUntold(query)) ?? []),
      ...(await findViolations(query, { acknowledged, ...(arrivals && { arrivals }) })),
    ];
  }

  private async die(point: Checkpoint, random: Random, load: Load): Promise<void> {
    // Clearing up begins where an earlier death has left something.
    if (point === 'K13') {
      await this.die(random.pick(['K4', 'K5', 'K7', 'K8']), random, load);
      await this.installation.serveUntil({ point, left: 1 });
      return;
    }
    const { server, client } = await this.installation.serve();
    const left = random.between(1, this.phone ? WEB_PASSES : PASSES[point]);
    if (point === 'K3') {
      load.onAcknowledged = (count): void => {
        if (count === left) server.signal('SIGKILL');
      };
    } else await server.arm({ left, ...this.momentOf(point, random) });
    await load.runUntil(server.exited, client);
    await this.installation.forget();
  }

  private momentOf(point: Checkpoint, random: Random): Omit<Death, 'left'> {
    if (point === 'K1') return { point, afterMs: random.between(0, MAX_STATEMENT_MS) };
    // The bytes leave in another process, at some moment between the two points: every other time it dies there.
    if (this.phone && point === 'K7' && random.isBelow(0.5)) {
      return { point: 'K6', afterMs: random.between(1, MAX_HAND_OVER_MS) };
    }
    return { point };
  }
}
