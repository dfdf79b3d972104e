import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { PhoneNumber } from '../../src/kernel/phone-number.js';
import type { EngineHandle, SentMessage } from '../../src/modules/engines/engine.port.js';
import { DEFAULT_WEB_TIMINGS, type WebTimings } from '../../src/modules/engines/web/web-timings.js';
import { WebEngine } from '../../src/modules/engines/web/web.engine.js';
import {
  CHROMIUM_SIM,
  chromiumProcesses,
  findChromium,
  SimControl,
  startSim,
  type RunningSim,
  type SimConfig,
} from '../wa-web-sim/index.js';
import { ReportLog, until } from './report-log.js';

export const ME = '5511987654399';
export const BOB = '5511911111111';

/** The simulator at a pace that suits tests. */
const QUICK: Partial<SimConfig> = {
  qrFirstMs: 20_000,
  qrNextMs: 20_000,
  openingMs: 30,
  pairingMs: 30,
  pairDelayMs: 30,
  syncDelayMs: 80,
  syncSteps: 2,
  logoutNavigateDelayMs: 60,
  reconnectMaxMs: 200,
  serverAckMs: 20,
  deviceAckMs: 40,
  autoAck: 2,
  readAckMs: 40,
};

const QUICK_TIMINGS: WebTimings = {
  ...DEFAULT_WEB_TIMINGS,
  openMs: 20_000,
  programMs: 5_000,
  readyMs: 6_000,
  callMs: 2_500,
  lookupMs: 2_000,
  ackMs: 3_000,
  closeMs: 3_000,
  logoutMs: 3_000,
};

/** The whole browser: other than the headless shell it locks its profile. */
export const WHOLE_CHROMIUM = '/usr/lib/chromium/chromium';
const HEADLESS_SHELL = '/usr/lib/chromium/chromium-headless-shell';

/** Why the web engine cannot be tested here; undefined when it can. In CI this is a failure, not a reason to skip. */
export const noChromium = (): string | undefined => {
  if (findChromium() !== null) return undefined;
  if (process.env['CI'] !== undefined) throw new Error('CI must have a Chromium: install chromium-headless-shell.');
  return 'no Chromium was found on this machine';
};

/** `describe`, or a skipped one that says why. */
export const describeWithChromium = (name: string, tests: () => void): void => {
  const reason = noChromium();
  if (reason === undefined) describe(name, tests);
  else describe.skip(`${name} (${reason})`, tests);
};

/** Sends one text to BOB. */
export const sendText = (handle: EngineHandle, text: string, to = BOB): Promise<SentMessage> => {
  const phone = `+${to}` as PhoneNumber;
  const providerMessageId = handle.newMessageId(phone);
  const content = { type: 'text' as const, text };
  return handle.send({ messageId: `msg_${text}`, attempt: 1, providerMessageId, to: phone, content, quoted: null });
};

const proc = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${String(pid)}/${file}`, 'utf8');
  } catch {
    return '';
  }
};

const commandLine = (pid: number): string => proc(pid, 'cmdline').replaceAll('\0', ' ').trim();

const groupOf = (pid: number): number | null => {
  const stat = proc(pid, 'stat');
  return stat === '' ? null : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
};

export interface OpenSession {
  readonly handle: EngineHandle;
  readonly log: ReportLog;
}

/** A simulator, a directory for profiles, and web engines that know nothing else. */
export class WebEngineBench {
  readonly control: SimControl;
  private readonly handles: EngineHandle[] = [];
  /** The process groups of browsers that were seen: a helper may outlive the one that names the profile. */
  private readonly groups = new Set<number>();

  private constructor(
    readonly sim: RunningSim,
    readonly directory: string,
  ) {
    this.control = new SimControl(sim.control);
  }

  static async create(config: Partial<SimConfig> = {}): Promise<WebEngineBench> {
    const sim = await startSim({ config: { ...QUICK, ...config } });
    const bench = new WebEngineBench(sim, await mkdtemp(join(tmpdir(), 'waypost-web-')));
    await bench.makeBrowser('chromium', sim.tlsPort, HEADLESS_SHELL);
    return bench;
  }

  /** A browser whose only internet is on this port: the headless shell where there is one, it starts faster. */
  async makeBrowser(name: string, tlsPort: number, real: string): Promise<string> {
    const path = join(this.directory, name);
    const chosen = existsSync(real) ? `export WASIM_CHROMIUM='${real}'\n` : '';
    await writeFile(
      path,
      `#!/bin/sh\n${chosen}export WASIM_TLS_PORT=${String(tlsPort)} WASIM_PROXY=yes\nexec '${CHROMIUM_SIM}' "$@"\n`,
    );
    await chmod(path, 0o700);
    return path;
  }

  get executablePath(): string {
    return join(this.directory, 'chromium');
  }

  get profiles(): string {
    return join(this.directory, 'profiles');
  }

  profileOf(sessionId: string): string {
    return join(this.profiles, `session-${sessionId}`);
  }

  engine(timings: Partial<WebTimings> = {}, executablePath = this.executablePath): WebEngine {
    return new WebEngine(
      { executablePath, extraArgs: [], useSandbox: false },
      { dataDir: this.directory, sessionPath: this.profiles },
      { ...QUICK_TIMINGS, ...timings },
    );
  }

  async open(
    engine: WebEngine,
    sessionId = 'default',
    signal = AbortSignal.timeout(30_000),
    proxy: string | null = null,
  ): Promise<OpenSession> {
    const log = new ReportLog();
    const handle = await engine.open({ sessionId, proxy, signal }, log);
    this.handles.push(handle);
    return { handle, log };
  }

  /** Opens, and scans the QR when one is shown. */
  async openReady(
    engine: WebEngine,
    sessionId = 'default',
    phone = ME,
    proxy: string | null = null,
  ): Promise<OpenSession> {
    const session = await this.open(engine, sessionId, undefined, proxy);
    await until('a QR or ready', () => session.log.qrs.length + session.log.readies.length);
    if (session.log.readies.length === 0) {
      await this.control.scan({ phone, qr: session.log.qrs.at(-1), pushname: 'Ada' });
    }
    await until('ready', () => session.log.readies.length);
    return session;
  }

  /** The browser processes of this bench; of one session only when it is named. */
  browsers(sessionId?: string): number[] {
    return chromiumProcesses(sessionId === undefined ? this.directory : this.profileOf(sessionId));
  }

  /** With which words its browsers were started. */
  commands(): string[] {
    return this.browsers().map(commandLine);
  }

  /** The browser of a session with all its helpers: those of the headless shell do not name their profile. */
  helpers(sessionId: string): { readonly pid: number; readonly command: string }[] {
    const groups = new Set(this.browsers(sessionId).map(groupOf));
    for (const group of groups) if (group !== null) this.groups.add(group);
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => Number.isInteger(pid) && this.groups.has(groupOf(pid) ?? NaN))
      .map((pid) => ({ pid, command: commandLine(pid) }))
      .filter(({ command }) => command !== '');
  }

  /** Back to the first settings, nobody linked, no session open. */
  async reset(): Promise<void> {
    await Promise.allSettled(this.handles.splice(0).map((handle) => handle.close()));
    await until('the end of all browsers', () => this.browsers().length === 0);
    await rm(this.profiles, { recursive: true, force: true });
    await this.control.resetConfig();
    await this.control.clearFaults();
    await this.control.reset({ all: true });
  }

  /** Fails when a browser was left behind. */
  async cleanUp(): Promise<void> {
    await this.reset();
    const left = this.browsers();
    await this.sim.close();
    await rm(this.directory, { recursive: true, force: true });
    if (left.length > 0) throw new Error(`Browser processes were left behind: ${left.join(', ')}`);
  }
}
