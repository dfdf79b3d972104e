import type { Answer, HttpClient } from '../../support/http-client.js';
import type { Query } from '../../support/invariants.js';
import type { Random } from './random.js';

const ORDINARY = ['+12025550101', '+12025550110', '+5511987650001', '+5511987650002', '+5511987650003'] as const;
/** Refused, failing once, and swallowing the answer; these take tries, and a try takes time. */
const DIFFICULT = ['+12025550120', '+12025550121', '+12025550131'] as const;
const POLICIES = ['hold', 'retry', 'drop'] as const;
const MAX_WAVES = 300;

export interface LoadOptions {
  readonly name: string;
  readonly recipients?: readonly [string, ...string[]];
  readonly policies?: readonly ['hold' | 'retry' | 'drop', ...('hold' | 'retry' | 'drop')[]];
  readonly maxWave?: number;
  /** Sends no more than these. */
  readonly maxMessages?: number;
  /** Contacts write as well, each once; the session answers them by itself. */
  readonly hears?: boolean;
  /** 503 is an answer of a server that is told to stop. */
  readonly mayBeRefused?: boolean;
}

interface Sending {
  readonly key: string | null;
  readonly body: { readonly to: string; readonly text: string; readonly onUncertain: string };
  startedAt: number;
  answeredAt: number;
  /** Undefined while nobody has answered. */
  id: string | undefined;
}

/** What a contact wrote, and whether the sandbox has said that it is on its way. */
interface Heard {
  readonly from: string;
  readonly text: string;
  isTaken: boolean;
}

interface Accepted {
  readonly id: string;
}

/** Contacts of this run; each of them writes once, so that each is answered once. */
let contacts = 0;

const newContact = (): string => {
  contacts += 1;
  return `+1202${String(5_570_000 + (contacts % 9_999))}`;
};

/** Many senders at once, from one seed: with and without keys, to few recipients, with every wish for the uncertain. */
export class Load {
  readonly sendings: Sending[] = [];
  readonly heard: Heard[] = [];
  readonly faults: string[] = [];
  onAcknowledged: (count: number) => void = () => undefined;
  private acknowledgements = 0;
  private isOver = false;

  constructor(
    private readonly random: Random,
    private readonly options: LoadOptions,
  ) {}

  get acknowledged(): readonly string[] {
    return this.sendings.flatMap(({ id }) => id ?? []);
  }

  /** Sends wave after wave until the server has gone. */
  async runUntil(gone: Promise<unknown>, client: HttpClient): Promise<void> {
    void gone.then(() => (this.isOver = true));
    const { maxWave = 24, maxMessages = Infinity, hears = false } = this.options;
    for (let wave = 0; wave < MAX_WAVES && !this.hasEnded() && this.sendings.length < maxMessages; wave += 1) {
      const size = this.random.between(1, maxWave);
      const hearing = hears ? Array.from({ length: 1 + (size % 4) }, () => this.hear(client)) : [];
      await Promise.all([...Array.from({ length: size }, () => this.send(client)), ...hearing]);
    }
    if (maxMessages < Infinity) await gone;
    if (!this.hasEnded()) this.faults.push('the server never came to the point at which it was to die');
  }

  /** The senders that never read an answer, and some that did, ask again with their keys. */
  async repeatKeys(client: HttpClient): Promise<void> {
    const keyed = this.sendings.filter(({ key }) => key !== null);
    await Promise.all(keyed.map((sending) => this.repeat(client, sending)));
    const [first] = keyed;
    if (first === undefined) return;
    const other = await this.post(client, { ...first, body: { ...first.body, text: 'something else' } });
    if (other.status !== 422) this.faults.push(`a key with another body was answered ${String(other.status)}`);
  }

  /** Whoever had been answered before the other one asked stands before it. */
  async findOrderFaults(query: Query): Promise<readonly string[]> {
    const rows = await query<{ id: string; seq: string }>('SELECT id, seq FROM message WHERE id = ANY($1)', [
      this.acknowledged,
    ]);
    const seqs = new Map(rows.map(({ id, seq }) => [id, Number(seq)]));
    const known = this.sendings.filter(({ id, answeredAt }) => id !== undefined && answeredAt > 0);
    return known.flatMap((early) =>
      known
        .filter((late) => early.body.to === late.body.to && early.answeredAt < late.startedAt)
        .filter((late) => (seqs.get(early.id ?? '') ?? 0) > (seqs.get(late.id ?? '') ?? 0))
        .map((late) => `${String(late.id)}: it stands before ${String(early.id)}, which was accepted before it came`),
    );
  }

  /** Every contact that was heard is answered once, and nobody twice. */
  async findReplyFaults(query: Query): Promise<readonly string[]> {
    const rows = await query<{ text: string; direction: string }>(
      'SELECT text, direction FROM message WHERE text = ANY($1)',
      [this.heard.map(({ text }) => text)],
    );
    return this.heard.flatMap(({ text, isTaken }) => {
      const count = (direction: string): number =>
        rows.filter((row) => row.text === text && row.direction === direction).length;
      const [came, answered] = [count('INBOUND'), count('OUTBOUND')];
      const isWell = came === answered && came <= 1 && (came === 1 || !isTaken);
      return isWell ? [] : [`"${text}" came ${String(came)} times and was answered ${String(answered)} times`];
    });
  }

  private hasEnded(): boolean {
    return this.isOver;
  }

  private async send(client: HttpClient): Promise<void> {
    const { name, recipients, policies = POLICIES, mayBeRefused = false } = this.options;
    const number = this.sendings.length;
    const sending: Sending = {
      key: this.random.isBelow(0.5) ? `${name}-${String(number)}` : null,
      body: {
        to: this.random.pick(recipients ?? (this.random.isBelow(0.05) ? DIFFICULT : ORDINARY)),
        text: `${name} ${String(number)}`,
        onUncertain: this.random.pick(policies),
      },
      startedAt: performance.now(),
      answeredAt: 0,
      id: undefined,
    };
    this.sendings.push(sending);
    const answer = await this.post(client, sending).catch(() => null);
    if (answer === null || (mayBeRefused && answer.status === 503)) return;
    if (answer.status !== 202) {
      this.faults.push(`a message was answered ${String(answer.status)}: ${answer.text}`);
      return;
    }
    sending.answeredAt = performance.now();
    sending.id = answer.body.id;
    this.acknowledgements += 1;
    this.onAcknowledged(this.acknowledgements);
  }

  private async hear(client: HttpClient): Promise<void> {
    const text = `${this.options.name} says ${String(this.heard.length)}`;
    const heard: Heard = { from: newContact(), text, isTaken: false };
    this.heard.push(heard);
    const answer = await client.post('/v1/sandbox/default/receive', { from: heard.from, text }).catch(() => null);
    heard.isTaken = answer?.status === 201;
  }

  private async repeat(client: HttpClient, sending: Sending): Promise<void> {
    const answer = await this.post(client, sending);
    if (answer.status !== 202) {
      this.faults.push(`a repeated key was answered ${String(answer.status)}: ${answer.text}`);
    } else if (sending.id === undefined) {
      sending.id = answer.body.id;
    } else if (sending.id !== answer.body.id || answer.headers.get('idempotency-replayed') !== 'true') {
      this.faults.push(`the key of ${sending.id} gave ${answer.body.id}`);
    }
  }

  private post(client: HttpClient, { key, body }: Pick<Sending, 'key' | 'body'>): Promise<Answer<Accepted>> {
    return client.post<Accepted>('/v1/messages', body, key === null ? {} : { 'idempotency-key': key });
  }
}
