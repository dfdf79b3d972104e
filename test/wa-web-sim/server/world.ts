import { Accounts } from './accounts.ts';
import { DEFAULT_CONFIG, type SimConfig } from './config.ts';
import type { Group } from './contract.ts';
import type { ActionRecord, SentRecord } from './records.ts';
import { Devices } from './devices.ts';
import { Faults } from './faults.ts';
import { Journal } from './journal.ts';
import { MediaStore } from './media-store.ts';
import { Numbers } from './numbers.ts';
import { type Page, Pages } from './pages.ts';

const KEPT_ACTIONS = 20_000;
const KEPT_SENT = 100_000;

/** Everything that a simulator remembers; nothing is shared between two of them. */
export class World {
  readonly config: SimConfig;
  readonly journal = new Journal();
  readonly faults = new Faults(this.journal);
  readonly numbers = new Numbers();
  readonly accounts = new Accounts(this.numbers);
  readonly devices = new Devices();
  readonly pages = new Pages();
  readonly media = new MediaStore();
  readonly groups = new Map<string, Group>();
  readonly sent: SentRecord[] = [];
  readonly actions: ActionRecord[] = [];
  private readonly startedWith: SimConfig;
  private lastSent = 0;
  private lastAction = 0;

  constructor(config: Partial<SimConfig> = {}) {
    this.startedWith = { ...DEFAULT_CONFIG, ...config };
    this.config = { ...this.startedWith };
  }

  /** Settings change in place: everybody holds the same object. */
  configure(settings: Partial<SimConfig>): SimConfig {
    return Object.assign(this.config, settings);
  }

  resetConfig(): SimConfig {
    return this.configure(this.startedWith);
  }

  /** Whether a phone number has WhatsApp: as told, or by length and pattern. */
  isRegistered(phone: string): boolean {
    const told = this.numbers.find(phone)?.registered;
    if (told !== undefined) return told;
    if (this.accounts.find(phone)) return true;
    if (phone.length < 7 || phone.length > 15) return false;
    const { unregisteredPattern } = this.config;
    return !unregisteredPattern || !new RegExp(unregisteredPattern).test(phone);
  }

  recordAction(page: Page, name: string, args: unknown): void {
    this.actions.push({ seq: ++this.lastAction, at: Date.now(), page: page.id, phone: page.phone, name, args });
    if (this.actions.length > KEPT_ACTIONS) this.actions.shift();
  }

  recordSent(record: Omit<SentRecord, 'seq'>): void {
    this.sent.push({ seq: ++this.lastSent, ...record });
    if (this.sent.length > KEPT_SENT) this.sent.shift();
  }

  findSent(phone: string, id: string): SentRecord | undefined {
    return this.sent.find((record) => record.id === id && record.phone === phone);
  }

  /** Forgets the records and the faults; with `all` everybody and everything else too. */
  reset(all: boolean): void {
    this.sent.length = 0;
    this.actions.length = 0;
    this.journal.clear();
    this.faults.clear();
    this.devices.restoreNetwork();
    if (!all) return;
    this.accounts.clear();
    this.groups.clear();
    this.numbers.clear();
    this.devices.clear();
    this.media.clear();
  }
}
