import { setTimeout as sleep } from 'node:timers/promises';

import { eventually } from '../../support/eventually.js';
import { findViolations, type Query } from '../../support/invariants.js';
import { processesIn } from '../../support/processes.js';
import { BOB } from '../../support/web-engine-bench.js';
import type { Exit } from '../crash/crash-server.js';
import { Installation } from '../crash/installation.js';
import { Load, type LoadOptions } from '../crash/load.js';
import { Random } from '../crash/random.js';
import { WebPhone } from '../crash/web-phone.js';

export type RestartEngine = 'sandbox' | 'web';
export type Ending = 'SIGTERM' | 'SIGKILL';

const SETTLE_TIMEOUT_MS = 60_000;
/** The guardian of the database gives a successor three seconds. */
const LEFT_OVER_TIMEOUT_MS = 20_000;
/** A stop waits for what is in flight, and no longer than this. */
const STOP_TIMEOUT_MS = 15_000;
const ON_THE_WAY = "SELECT id, status FROM message WHERE status IN ('QUEUED', 'SENDING')";

export interface RestartResult {
  readonly acknowledged: number;
  readonly stopMs: number;
  readonly readyMs: number;
  readonly violations: readonly string[];
}

const LOADS: Readonly<Record<RestartEngine, Omit<LoadOptions, 'name'>>> = {
  // What goes to one recipient leaves one after the other: many more would only make a slow machine wait.
  sandbox: { recipients: ['+12025550101', '+12025550110', '+5511987650001', '+5511987650002'], maxMessages: 200 },
  // A page sends one message at a time.
  web: { recipients: [`+${BOB}`], maxWave: 4, maxMessages: 12 },
};

const commonOf = (options: { readonly name: string; readonly engine: RestartEngine }): LoadOptions => ({
  ...LOADS[options.engine],
  ...{ name: options.name, policies: ['hold'], mayBeRefused: true },
});

/** An installation with its own PostgreSQL that is ended in the middle of its work, and started again. */
export class RestartLane {
  private constructor(
    private readonly engine: RestartEngine,
    private readonly installation: Installation,
    private readonly phone: WebPhone | undefined,
  ) {}

  static async open(engine: RestartEngine): Promise<RestartLane> {
    const phone = engine === 'web' ? await WebPhone.open() : undefined;
    return new RestartLane(engine, await Installation.open({ isEmbedded: true, ...phone?.options }), phone);
  }

  async close(): Promise<void> {
    await this.installation.close();
    await this.phone?.close();
  }

  /** Ends it in the middle of sending, starts it again, and looks for what may not be. */
  async run(ending: Ending, round: number): Promise<RestartResult> {
    const random = new Random(round * 7919 + (ending === 'SIGTERM' ? 1 : 2));
    const began = new Date();
    const load = new Load(random, commonOf({ name: `${this.engine} ${ending} ${String(round)}`, engine: this.engine }));
    const { exit, stopMs } = await this.end(ending, random, load);
    const faults = this.faultsOfExit(ending, exit, stopMs);
    // Every other time at once, so that what is left has to be taken over, and else when the guardian has had its time.
    if (ending === 'SIGTERM' || round % 2 === 0) faults.push(...(await this.leftOver(ending)));
    const restarted = performance.now();
    const { client, server } = await this.installation.serve();
    const readyMs = performance.now() - restarted;
    await load.repeatKeys(client);
    const violations = await this.installation.withDatabase(async (query) => [
      ...(ending === 'SIGTERM' ? await this.uncertain(query, began) : []),
      ...(await this.rest(query)),
      ...load.faults,
      ...(await this.violations(query, load)),
      ...(await this.qrCodes(query)),
    ]);
    const all = [...faults, ...violations];
    const said = all.length === 0 ? [] : server.complaints.slice(-20);
    return { acknowledged: load.acknowledged.length, stopMs, readyMs, violations: [...all, ...said] };
  }

  /** Stops it for good and answers the processes that are left. */
  async stop(): Promise<readonly string[]> {
    const { server } = await this.installation.serve();
    server.signal('SIGTERM');
    await server.exited;
    await this.installation.forget();
    return this.leftOver('SIGTERM');
  }

  private async end(ending: Ending, random: Random, load: Load): Promise<{ exit: Exit; stopMs: number }> {
    const { server, client } = await this.installation.serve();
    const sending = load.runUntil(server.exited, client);
    await sleep(random.between(20, this.engine === 'web' ? 600 : 300));
    const began = performance.now();
    server.signal(ending);
    const exit = await server.exited;
    const stopMs = performance.now() - began;
    await sending;
    await this.installation.forget();
    return { exit, stopMs };
  }

  private faultsOfExit(ending: Ending, { code, signal }: Exit, stopMs: number): string[] {
    if (ending === 'SIGKILL') return [];
    const faults = code === 0 ? [] : [`it ended with ${String(code)} (${String(signal)}) after SIGTERM`];
    return stopMs > STOP_TIMEOUT_MS ? [...faults, `it took ${String(Math.round(stopMs))} ms to stop`] : faults;
  }

  /** After a stop nothing is left at once; after kill -9 the guardian and the pipe of the browser need a moment. */
  private async leftOver(ending: Ending): Promise<readonly string[]> {
    const look = (): readonly string[] => [
      ...processesIn(this.installation.dataDir).map(({ command }) => `left over: ${command}`),
      ...(this.phone?.browsers().map((pid) => `left over: the browser ${String(pid)}`) ?? []),
    ];
    if (ending === 'SIGTERM') return look();
    await eventually(() => look().length === 0, LEFT_OVER_TIMEOUT_MS).catch(() => undefined);
    return look();
  }

  private async rest(query: Query): Promise<readonly string[]> {
    try {
      await eventually(async () => (await query(ON_THE_WAY)).length === 0, SETTLE_TIMEOUT_MS);
      return [];
    } catch {
      return (await query(ON_THE_WAY)).map((row) => `it did not come to rest: ${JSON.stringify(row)}`);
    }
  }

  /** Right after a planned stop nothing may be unknown, not even for a while. */
  private async uncertain(query: Query, since: Date): Promise<readonly string[]> {
    const rows = await query<{ id: string }>(
      "SELECT DISTINCT message_id AS id FROM message_timeline WHERE status = 'UNCERTAIN' AND at >= $1",
      [since],
    );
    return rows.map(({ id }) => `${id} was UNCERTAIN after a planned stop`);
  }

  private async qrCodes(query: Query): Promise<readonly string[]> {
    const shown = await query("SELECT 1 FROM event WHERE name = 'whatsapp.qr'");
    return shown.length === 1 ? [] : [`a QR was asked for ${String(shown.length)} times`];
  }

  /** What has arrived is read once everything is at rest. */
  private async violations(query: Query, { acknowledged }: Load): Promise<readonly string[]> {
    const arrivals = await this.phone?.arrivals();
    return findViolations(query, { acknowledged, ...(arrivals && { arrivals }) });
  }
}
