import { setTimeout as sleep } from 'node:timers/promises';

import { Logger } from '@nestjs/common';
import fc from 'fast-check';

import {
  type EngineHandle,
  type EngineRegistry,
  type EngineReports,
  EngineUnavailableError,
  type LinkedNumber,
  type WhatsAppEngine,
} from '../engines/index.js';
import { canMove, type ConnectionStatus } from './domain/connection-status.js';
import type { Session } from './domain/session.js';
import type { Opening } from './opening.js';
import type { SessionLeases } from './session-leases.js';
import { SessionLosses } from './session-losses.js';
import type { SessionReports } from './session-reports.js';
import type { SessionRepository, StatusChange } from './session.repository.js';
import type { AlongWith, BegunSession, SessionStatusWriter } from './session-status.js';
import { SessionSupervisor } from './session-supervisor.js';

const LINKED = { phone: '+12025550100', name: null } as LinkedNumber;
const ATTEMPTS = 5;
const TIMES = { reconnectBaseMs: 1, openTimeoutMs: 5000, probeIntervalMs: 1000, leaseMs: 30_000 };
const CONFIG = { defaultEngine: undefined, reconnectAttempts: ATTEMPTS, ...TIMES };

const settle = (): Promise<void> => Promise.resolve();
interface Opened {
  readonly reports: EngineReports;
  isOpen: boolean;
  isLoggedOut: boolean;
}

/** Opens at once or when it is let, and notices when two openings of the session overlap. */
class FakeEngine {
  readonly name = 'sandbox';
  readonly openings: Opened[] = [];
  overlaps = 0;
  gate: Promise<void> = Promise.resolve();
  failure: Error | undefined;

  get openCount(): number {
    return this.openings.filter(({ isOpen }) => isOpen).length;
  }

  get last(): Opened {
    const last = this.openings.at(-1);
    if (last === undefined) throw new Error('Nothing was opened.');
    return last;
  }

  async open(command: Parameters<WhatsAppEngine['open']>[0], reports: EngineReports): Promise<EngineHandle> {
    await this.gate;
    command.signal.throwIfAborted();
    if (this.failure) throw this.failure;
    if (this.openCount > 0) this.overlaps += 1;
    const opened: Opened = { reports, isOpen: true, isLoggedOut: false };
    this.openings.push(opened);
    const close = async (): Promise<void> => {
      await sleep(0);
      opened.isOpen = false;
    };
    const logout = (): Promise<void> => {
      opened.isLoggedOut = true;
      return close();
    };
    return { close, logout } as EngineHandle;
  }
}

/** The row of the session in memory, with the same table and generations as the real writer. */
class FakeStatus {
  status: ConnectionStatus = 'DISCONNECTED';
  reason: string | null = null;
  generation = 0;
  readonly events: string[] = [];
  /** The database is away for so many writes. */
  failures = 0;

  begin(id: string): Promise<BegunSession> {
    this.mayFail();
    this.generation += 1;
    this.status = 'CONNECTING';
    const begun = { id, engine: 'sandbox', generation: this.generation, sealedProxy: null, proxy: null };
    return Promise.resolve(begun as BegunSession);
  }

  async move(
    { generation }: { readonly generation: number | 'any' },
    { status, reason }: StatusChange,
    alongWith: AlongWith = () => undefined,
  ): Promise<boolean> {
    await sleep(0);
    this.mayFail();
    if (generation !== 'any' && generation !== this.generation) return false;
    if (!canMove(this.status, status)) return false;
    const record = ({ name }: { readonly name: string }): void => {
      this.events.push(name);
    };
    await alongWith({ record } as never, { status: this.status } as Session);
    this.status = status;
    this.reason = reason;
    return true;
  }

  private mayFail(): void {
    if (this.failures === 0) return;
    this.failures -= 1;
    throw new Error('the database is away');
  }
}

interface Bench {
  readonly engine: FakeEngine;
  readonly status: FakeStatus;
  readonly lease: { fence: bigint | null };
  readonly number: { isAccepted: boolean };
  readonly codes: readonly string[];
  readonly refusals: readonly string[];
  readonly supervisor: SessionSupervisor;
}

const create = (): Bench => {
  const engine = new FakeEngine();
  const status = new FakeStatus();
  const lease: { fence: bigint | null } = { fence: 1n };
  const number = { isAccepted: true };
  const codes: string[] = [];
  const refusals: string[] = [];
  const reports = {
    qrShown: async ({ options }: Opening, text: string) => {
      if (await status.move(options, { status: 'QR_READY', reason: null })) codes.push(text);
    },
    authenticated: ({ options }: Opening) => status.move(options, { status: 'AUTHENTICATED', reason: null }),
    ready: async (opening: Opening) => {
      if (!number.isAccepted) return false;
      opening.isReady = await status.move(opening.options, { status: 'READY', reason: null });
      return true;
    },
    noQr: (_sessionId: string, { message }: Error) => refusals.push(message),
    qrGone: () => Promise.resolve(codes.splice(0)),
  } as unknown as SessionReports;
  const wanted = { want: () => Promise.resolve() } as unknown as SessionRepository;
  const supervisor = new SessionSupervisor(
    { get: () => engine } as unknown as EngineRegistry,
    { acquire: () => Promise.resolve(lease.fence), owner: 'me' } as unknown as SessionLeases,
    status as unknown as SessionStatusWriter,
    reports,
    new SessionLosses(wanted, status as unknown as SessionStatusWriter, CONFIG),
    CONFIG,
  );
  supervisor.deliverTo({ received: settle, acked: settle, changed: settle, caughtUp: settle });
  return { engine, status, lease, number, codes, refusals, supervisor };
};

const until = async (isSo: () => boolean): Promise<void> => {
  for (let i = 0; i < 400 && !isSo(); i += 1) await sleep(5);
  expect(isSo()).toBe(true);
};

const start = (supervisor: SessionSupervisor): Promise<void> => supervisor.start('one', { isRequested: true });

/** What people and the engine do to a session, in no order. */
const ACTS = {
  start: (supervisor: SessionSupervisor): unknown => start(supervisor),
  stop: (supervisor: SessionSupervisor): unknown => supervisor.stop('one', 'asked'),
  ready: (_supervisor: SessionSupervisor, reports?: EngineReports): unknown => reports?.ready(LINKED),
  lose: (_supervisor: SessionSupervisor, reports?: EngineReports): unknown =>
    reports?.lost({ cause: 'connection', reason: 'gone' }),
  logOut: (_supervisor: SessionSupervisor, reports?: EngineReports): unknown =>
    reports?.lost({ cause: 'logged-out', reason: 'gone' }),
  wait: (): unknown => undefined,
} as const;

describe(SessionSupervisor.name, () => {
  let bench: Bench;

  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  beforeEach(() => {
    bench = create();
  });

  afterEach(() => bench.supervisor.closeAll().catch(() => undefined));

  const openReady = async (): Promise<Opened> => {
    await start(bench.supervisor);
    await until(() => bench.engine.openCount === 1);
    bench.engine.last.reports.ready(LINKED);
    await until(() => bench.status.status === 'READY');
    return bench.engine.last;
  };

  it('opens once, however often it is asked', async () => {
    await Promise.all(Array.from({ length: 10 }, () => start(bench.supervisor)));
    await until(() => bench.engine.openCount === 1);
    await sleep(20);
    expect(bench.engine.openings).toHaveLength(1);
  });

  it('gives up an opening that hangs when it is stopped, and leaves nothing open', async () => {
    let go: () => void = () => undefined;
    bench.engine.gate = new Promise((resolve) => (go = resolve));
    await start(bench.supervisor);
    const stopping = bench.supervisor.stop('one', 'asked');
    go();
    await stopping;
    expect(bench.engine.openCount).toBe(0);
    expect(bench.status.status).toBe('DISCONNECTED');
  });

  it('never has two openings at once, and none after a stop, whatever happens in whichever order', async () => {
    const step = fc.constantFrom(...(Object.keys(ACTS) as (keyof typeof ACTS)[]));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { engine, supervisor, status } = create();
        const pending: unknown[] = [];
        for (const one of steps) {
          pending.push(ACTS[one](supervisor, engine.openings.at(-1)?.reports));
          if (one === 'wait') await sleep(1);
          expect(engine.openCount).toBeLessThanOrEqual(1);
        }
        await Promise.all(pending);
        await supervisor.stop('one', 'in the end');
        await sleep(5);
        expect([engine.overlaps, engine.openCount, status.status]).toEqual([0, 0, 'DISCONNECTED']);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('Q5 F16 what an opening reports after it is over changes nothing', async () => {
    const first = await openReady();
    await bench.supervisor.stop('one', 'asked');
    await start(bench.supervisor);
    await until(() => bench.engine.openings.length === 2);
    first.reports.qr('2@stale');
    first.reports.ready(LINKED);
    first.reports.lost({ cause: 'logged-out', reason: 'late' });
    await sleep(30);
    expect(bench.codes).toEqual([]);
    expect(bench.status.status).toBe('CONNECTING');
    expect(bench.engine.last.isOpen).toBe(true);
  });

  it(`tries ${String(ATTEMPTS)} times to reconnect, then gives up and says so once`, async () => {
    const first = await openReady();
    bench.engine.failure = new Error('no road to WhatsApp');
    first.reports.lost({ cause: 'connection', reason: 'gone' });
    await until(() => bench.status.events.includes('whatsapp.reconnect_exhausted'));
    await sleep(50);
    const count = (name: string): number => bench.status.events.filter((one) => one === name).length;
    expect(count('whatsapp.reconnecting')).toBe(ATTEMPTS);
    expect(count('whatsapp.reconnect_exhausted')).toBe(1);
    expect(count('whatsapp.disconnected')).toBe(1);
    expect(bench.supervisor.isMinding('one')).toBe(false);
  });

  it('counts anew when it has been READY again', async () => {
    for (let i = 0; i < ATTEMPTS + 2; i += 1) {
      const opened = await openReady();
      opened.reports.lost({ cause: 'connection', reason: 'gone' });
      await until(() => bench.engine.openings.length === i + 2);
    }
    expect(bench.status.events).not.toContain('whatsapp.reconnect_exhausted');
  });

  it.each(['logged-out', 'auth-failure', 'qr-exhausted'] as const)('F19 is not tried again after %s', async (cause) => {
    const opened = await openReady();
    opened.reports.lost({ cause, reason: 'for good' });
    await until(() => bench.status.status !== 'READY');
    await sleep(50);
    expect(bench.engine.openings).toHaveLength(1);
    expect(bench.status.events).not.toContain('whatsapp.reconnecting');
  });

  it('parks a session whose engine cannot run here: one sentence, once, and no tries', async () => {
    bench.engine.failure = new EngineUnavailableError('sandbox', 'There is no Chromium here.');
    await start(bench.supervisor);
    await until(() => bench.status.events.includes('whatsapp.reconnect_exhausted'));
    await sleep(50);
    expect(bench.status.reason).toBe('There is no Chromium here.');
    expect(bench.status.events).not.toContain('whatsapp.reconnecting');
    expect(bench.refusals).toEqual(['There is no Chromium here.']);
  });

  it('does not open what another process holds', async () => {
    bench.lease.fence = null;
    await expect(start(bench.supervisor)).rejects.toMatchObject({ code: 'session-owned-elsewhere' });
    expect(bench.engine.openings).toEqual([]);
  });

  it('F17 lets go of a session whose lease was lost, and says nothing about its status', async () => {
    await openReady();
    bench.supervisor.abandon('one');
    await until(() => bench.engine.openCount === 0);
    expect(bench.status.status).toBe('READY');
    expect(bench.supervisor.isMinding('one')).toBe(false);
  });

  it('unlinks another number than the one it had', async () => {
    bench.number.isAccepted = false;
    await start(bench.supervisor);
    await until(() => bench.engine.openCount === 1);
    bench.engine.last.reports.authenticated();
    bench.engine.last.reports.ready(LINKED);
    await until(() => bench.status.status === 'AUTH_FAILURE');
    expect(bench.engine.last).toMatchObject({ isLoggedOut: true, isOpen: false });
    expect(bench.status.events).toEqual(['whatsapp.number_changed', 'whatsapp.auth_failure']);
  });

  it('writes a loss down however often the database is away, and comes back', async () => {
    const opened = await openReady();
    bench.status.failures = 4;
    opened.reports.lost({ cause: 'connection', reason: 'gone' });
    await until(() => bench.engine.openings.length === 2);
    expect(bench.status.events.filter((one) => one === 'whatsapp.disconnected')).toHaveLength(1);
  });

  it('keeps the reason of a session that is not open when the process ends', async () => {
    const opened = await openReady();
    opened.reports.lost({ cause: 'auth-failure', reason: 'banned' });
    await until(() => bench.status.status === 'AUTH_FAILURE');
    await bench.supervisor.closeAll();
    expect([bench.status.status, bench.status.reason]).toEqual(['AUTH_FAILURE', 'banned']);
  });

  it('opens nothing any more when the process ends', async () => {
    const opened = await openReady();
    opened.reports.lost({ cause: 'connection', reason: 'gone' });
    await bench.supervisor.closeAll();
    await start(bench.supervisor);
    await sleep(50);
    expect(bench.engine.openCount).toBe(0);
  });
});
