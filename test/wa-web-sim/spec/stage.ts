import type { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import wweb from 'whatsapp-web.js';
import {
  CHROMIUM_SIM,
  chromiumEnvironment,
  chromiumProcesses,
  type RunningSim,
  SimControl,
  startSim,
} from '../index.ts';

const POLL_MS = 15;
const DEFAULT_WAIT_MS = 15_000;
const GONE = /detached Frame|context was destroyed|Target closed/i;
const DESTROY_WAIT_MS = 2000;
const EXIT_WAIT_MS = 5000;

const EVENTS = [
  ...['qr', 'code', 'loading_screen', 'authenticated', 'auth_failure', 'ready', 'change_state', 'disconnected'],
  ...['message', 'message_create', 'message_ack', 'message_edit', 'message_reaction', 'message_revoke_everyone'],
  ...['message_revoke_me', 'media_uploaded', 'unread_count', 'call', 'chat_archived', 'chat_removed'],
  ...['group_join', 'group_leave', 'group_update', 'group_admin_changed'],
];

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever whatsapp-web.js gives: each test knows what
type Value = any;

/** An event of a client. */
export interface Occurrence {
  readonly name: string;
  readonly values: readonly Value[];
}

type Fits = (first: Value, second: Value) => boolean;

export const ME = '5511900000001';
export const BOB = '5511911111111';
export const BOB_CHAT = `${BOB}@c.us`;
export const UNREGISTERED = '99912345678';

/** A simulator, the clients that run against it, and a log of every event that they raise. */
export class Stage {
  readonly log: Occurrence[] = [];
  readonly control: SimControl;
  private readonly sim: RunningSim;
  private readonly clients: wweb.Client[] = [];
  private readonly profiles = mkdtempSync(join(tmpdir(), 'wa-web-sim-'));

  private constructor(sim: RunningSim) {
    this.sim = sim;
    this.control = new SimControl(sim.control);
  }

  static async open(config: Parameters<typeof startSim>[0] = {}): Promise<Stage> {
    return new Stage(await startSim(config));
  }

  /** A client as an application makes it; `id` names its profile. */
  client(id: string, options: Partial<wweb.ClientOptions> = {}): wweb.Client {
    const client = new wweb.Client({
      authStrategy: new wweb.LocalAuth({ clientId: id, dataPath: this.profiles }),
      puppeteer: {
        pipe: true,
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
        executablePath: CHROMIUM_SIM,
        env: chromiumEnvironment(this.sim),
      },
      webVersionCache: { type: 'none' },
      ...options,
    });
    this.clients.push(client);
    this.catchLateInjections(client);
    for (const name of EVENTS) {
      (client as unknown as EventEmitter).on(name, (...values: unknown[]) => this.log.push({ name, values }));
    }
    return client;
  }

  hasProfile(id: string): boolean {
    return existsSync(join(this.profiles, `session-${id}`));
  }

  /** A place in the log: what is asked for later must have happened after it. */
  mark(): number {
    return this.log.length;
  }

  all(name: string, from = 0, fits: Fits = () => true): Occurrence[] {
    return this.log
      .slice(from)
      .filter((occurrence) => occurrence.name === name && fits(occurrence.values[0], occurrence.values[1]));
  }

  saw(name: string, from: number, fits?: Fits): boolean {
    return this.all(name, from, fits).length > 0;
  }

  /** The values of the first event that fits, once it has happened. */
  async event(name: string, from: number, fits?: Fits): Promise<Occurrence['values']> {
    const [first] = await this.until(`the event ${name}`, () => {
      const found = this.all(name, from, fits);
      return found.length > 0 ? found : null;
    });
    return first?.values ?? [];
  }

  /** The newest QR that can be scanned; at login the library reports one without a reference. */
  async scannableQr(from = 0): Promise<string> {
    const isScannable = (text: unknown): boolean => String(text).startsWith('2@');
    await this.event('qr', from, isScannable);
    return String(this.all('qr', from, isScannable).at(-1)?.values[0]);
  }

  async until<T>(what: string, probe: () => T | null | Promise<T | null>, timeoutMs = DEFAULT_WAIT_MS): Promise<T> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const value = await probe();
      if (value !== null && value !== false) return value;
      if (Date.now() > end) throw new Error(`Waited ${String(timeoutMs)} ms in vain for ${what}`);
      await sleep(POLL_MS);
    }
  }

  /** Ends what a failed step has left running, and counts the browsers that are still there after that. */
  async close(): Promise<number> {
    await Promise.all(this.clients.map((client) => this.end(client)));
    await this.until('the browsers to end', () => this.browsers() === 0, EXIT_WAIT_MS).catch(() => undefined);
    const left = this.browsers();
    await this.sim.close();
    rmSync(this.profiles, { recursive: true, force: true });
    return left;
  }

  /** Whether a client's browser is gone: until then the profile is locked. */
  hasEnded(client: wweb.Client): boolean {
    const browser = client.pupBrowser?.process();
    return browser?.exitCode !== null || browser.signalCode !== null;
  }

  /**
   * The library injects its scripts again whenever a frame navigates, and nobody waits for that: if the browser goes
   * away meanwhile, the rejection would fail whichever step happens to run.
   */
  private catchLateInjections(client: wweb.Client): void {
    const injecting = client as unknown as { inject: () => Promise<void> };
    const inject = injecting.inject.bind(client);
    injecting.inject = async (): Promise<void> => {
      await inject().catch((error: unknown) => {
        if (!GONE.test(String(error))) throw error;
        this.log.push({ name: 'late_injection', values: [error] });
      });
    };
  }

  private async end(client: wweb.Client): Promise<void> {
    if (this.hasEnded(client)) return;
    await Promise.race([client.destroy().catch(() => undefined), sleep(DESTROY_WAIT_MS)]);
    if (!this.hasEnded(client)) client.pupBrowser?.process()?.kill('SIGKILL');
  }

  private browsers(): number {
    return chromiumProcesses(this.profiles).length;
  }
}
