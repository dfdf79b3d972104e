import type { ArrivalCount, Query } from '../../support/invariants.js';
import { ME, WebEngineBench } from '../../support/web-engine-bench.js';
import type { InstallationOptions } from './installation.js';

const TRIED_ONCE = `
  SELECT m.text, m.recipient, m.seq::int, x.seq::int AS place FROM message AS m
  JOIN audit_entry AS x ON x.target = m.id AND x.action = 'messages.send'
  WHERE m.direction = 'OUTBOUND' AND m.attempts = 1 AND m.session_id = 'default'`;

const UNKNOWN = `
  SELECT id, text FROM message WHERE direction = 'OUTBOUND' AND (status = 'UNCERTAIN' OR error_code = 'outcome-unknown')`;

interface Tried {
  readonly text: string;
  readonly recipient: string;
  readonly seq: number;
  readonly place: number;
}

/** The simulated WhatsApp behind a server that sends through a real Chromium: it knows what has arrived. */
export class WebPhone {
  private constructor(private readonly bench: WebEngineBench) {}

  static async open(): Promise<WebPhone> {
    return new WebPhone(await WebEngineBench.create());
  }

  close(): Promise<void> {
    return this.bench.cleanUp();
  }

  /** What makes an installation send through it. */
  get options(): InstallationOptions {
    return {
      env: {
        WHATSAPP_DEFAULT_ENGINE: 'web',
        WHATSAPP_SESSION_PATH: this.bench.profiles,
        PUPPETEER_EXECUTABLE_PATH: this.bench.executablePath,
        CHROMIUM_SANDBOX: 'false',
      },
      scan: (qr) => this.bench.control.scan({ phone: ME, qr, pushname: 'Ada' }),
    };
  }

  browsers(): readonly number[] {
    return this.bench.browsers();
  }

  /** How often each text has arrived; the texts of a run are all different. */
  async arrivals(): Promise<ArrivalCount> {
    const counts = new Map<string, number>();
    for (const { body = '' } of await this.bench.control.sent()) counts.set(body, (counts.get(body) ?? 0) + 1);
    return ({ text }) => counts.get(text ?? '') ?? 0;
  }

  /** The page knows what it has sent: what arrived does not stay unknown, whatever the sender wished for that case. */
  async findUntold(query: Query): Promise<readonly string[]> {
    const count = await this.arrivals();
    const unknown = await query<{ id: string; text: string }>(UNKNOWN);
    return unknown.filter((message) => count(message) > 0).map(({ id }) => `${id}: it arrived, and nobody says so`);
  }

  /**
   * What was tried once and arrived, arrived in the order in which it was accepted. Of two that were accepted at the
   * same moment either may be the first: it is the number and the place in the audit trail together that tell.
   */
  async findOrderFaults(query: Query): Promise<readonly string[]> {
    const tried = new Map((await query<Tried>(TRIED_ONCE)).map((message) => [message.text, message]));
    const last = new Map<string, Tried>();
    const faults: string[] = [];
    for (const { body = '' } of await this.bench.control.sent()) {
      const message = tried.get(body);
      if (message === undefined) continue;
      const before = last.get(message.recipient);
      last.set(message.recipient, message);
      if (before && before.seq > message.seq && before.place > message.place) {
        faults.push(`"${body}" was accepted before "${before.text}" and arrived after it`);
      }
    }
    return faults;
  }
}
