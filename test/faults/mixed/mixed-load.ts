import { setTimeout as sleep } from 'node:timers/promises';

import type { Answer, HttpClient } from '../../support/http-client.js';
import type { Query } from '../../support/invariants.js';
import type { Random } from '../crash/random.js';

/** A picture of one pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const BATCH = 40;
/** What a server may answer while something that it needs is away; whoever asks comes again. */
const AWAY: ReadonlySet<number> = new Set([429, 502, 503]);
const POLICIES = ['hold', 'hold', 'retry', 'drop'] as const;

interface Asked {
  readonly path: string;
  readonly key: string;
  readonly body: object;
  /** The answer that was read; undefined while nobody knows. */
  id: string | undefined;
}

interface Heard {
  readonly text: string;
  readonly isTaken: boolean;
}

/** What people and programs do with a gateway all day, at once, from one seed. */
export class MixedLoad {
  readonly faults: string[] = [];
  readonly counts: Record<string, number> = {};
  private readonly asked: Asked[] = [];
  private readonly heard: Heard[] = [];
  private numbered = 0;
  private isOver = false;
  private isResting = false;

  constructor(
    private readonly random: Random,
    private readonly name: string,
    private readonly client: () => Promise<HttpClient>,
  ) {}

  get acknowledged(): readonly string[] {
    return this.asked.flatMap(({ path, id }) => (path === '/v1/messages' && id !== undefined ? [id] : []));
  }

  /** Runs until `end`; resolves when everybody has stopped. */
  async run(): Promise<void> {
    const actors: readonly (readonly [number, () => Promise<void>])[] = [
      ...([1, 2, 3, 4] as const).map(() => [30, () => this.send()] as const),
      [900, () => this.sendMany()],
      [700, () => this.schedule()],
      [400, () => this.upload()],
      [150, () => this.hear()],
      [80, () => this.read()],
    ];
    await Promise.all(actors.map(([pauseMs, act]) => this.repeat(pauseMs, act)));
  }

  /** Nobody does anything until it goes on. */
  rest(isResting: boolean): void {
    this.isResting = isResting;
  }

  end(): void {
    this.isOver = true;
  }

  /** Whoever never read an answer asks again with the same key, and so do some who did. */
  async askAgain(): Promise<void> {
    const client = await this.client();
    for (const one of this.asked) {
      if (one.id === undefined || this.random.isBelow(0.1)) await this.repeatKey(client, one);
    }
    for (const one of this.asked) {
      if (one.path.endsWith('bulk') && one.id !== undefined) await client.post(`/v1/batches/${one.id}/resume`);
    }
  }

  /** What came is there once and was answered once; each batch adds up. */
  async findFaults(query: Query): Promise<readonly string[]> {
    const texts = this.heard.map(({ text }) => text);
    const rows = await query<{ text: string; direction: string; n: number }>(
      'SELECT text, direction, count(*)::int AS n FROM message WHERE text = ANY($1) GROUP BY 1, 2',
      [texts],
    );
    const counts = new Map(rows.map(({ text, direction, n }) => [`${direction} ${text}`, n]));
    const wrong = this.heard.flatMap(({ text, isTaken }) => {
      const [came, answered] = [counts.get(`INBOUND ${text}`) ?? 0, counts.get(`OUTBOUND ${text}`) ?? 0];
      const isWell = came === answered && came <= 1 && (came === 1 || !isTaken);
      return isWell ? [] : [`"${text}" came ${String(came)} times and was answered ${String(answered)} times`];
    });
    const batches = await query<{ id: string; accepted: number; n: number }>(`
      SELECT batch.id, batch.accepted, count(message.id)::int AS n FROM batch
      LEFT JOIN message ON message.batch_id = batch.id GROUP BY batch.id HAVING count(message.id) <> batch.accepted`);
    return [
      ...wrong,
      ...batches.map(({ id, accepted, n }) => `${id} accepted ${String(accepted)} and has ${String(n)}`),
    ];
  }

  private async repeat(pauseMs: number, act: () => Promise<void>): Promise<void> {
    while (!this.over()) {
      if (!this.isResting) await act().catch(() => undefined);
      await sleep(this.random.between(1, 2 * pauseMs));
    }
  }

  private over(): boolean {
    return this.isOver;
  }

  private async send(): Promise<void> {
    const content = this.random.pick<() => object>([
      () => ({ text: this.next() }),
      () => ({ text: this.next() }),
      () => ({ location: { latitude: -23.5, longitude: -46.6, name: this.next() } }),
      () => ({ poll: { question: this.next(), options: ['yes', 'no'] } }),
    ])();
    await this.ask('/v1/messages', { to: this.recipient(), ...content, onUncertain: this.random.pick(POLICIES) });
  }

  private async sendMany(): Promise<void> {
    const recipients = Array.from({ length: BATCH }, () => ({ to: this.recipient() }));
    const id = await this.ask('/v1/messages/bulk', { text: this.next(), recipients });
    if (id === undefined || !this.random.isBelow(0.5)) return;
    const client = await this.client();
    await client.post(`/v1/batches/${id}/pause`);
    await sleep(this.random.between(10, 1500));
    await client.post(`/v1/batches/${id}/resume`);
  }

  private async schedule(): Promise<void> {
    const scheduledAt = new Date(Date.now() + this.random.between(500, 5000)).toISOString();
    const id = await this.ask('/v1/messages', { to: this.recipient(), text: this.next(), scheduledAt });
    if (id !== undefined && this.random.isBelow(0.3)) await (await this.client()).post(`/v1/messages/${id}/cancel`);
  }

  private async upload(): Promise<void> {
    const body = { to: this.recipient(), image: { data: PNG }, onUncertain: 'hold' };
    await this.ask('/v1/messages', body);
  }

  private async hear(): Promise<void> {
    const text = `${this.next()} says hello`;
    const client = await this.client();
    const answer = await client
      .post('/v1/sandbox/default/receive', { from: this.recipient(5_570_000), text })
      .catch(() => null);
    this.count('heard', answer);
    this.heard.push({ text, isTaken: answer?.status === 201 });
  }

  private async read(): Promise<void> {
    const client = await this.client();
    const first = await client.get<{ nextCursor: string | null }>('/v1/messages?limit=20').catch(() => null);
    this.count('read', first);
    const cursor = first?.body.nextCursor ?? null;
    if (cursor !== null) await client.get(`/v1/messages?limit=20&cursor=${cursor}`).catch(() => null);
  }

  /** Asks once, and remembers what was asked and what was answered. */
  private async ask(path: string, body: object): Promise<string | undefined> {
    const one: Asked = { path, key: `${this.name}-${String(this.numbered)}`, body, id: undefined };
    this.numbered += 1;
    this.asked.push(one);
    const answer = await this.post(await this.client(), one).catch(() => null);
    this.count(path, answer);
    one.id = answer === null ? undefined : idOf(answer);
    return one.id;
  }

  private async repeatKey(client: HttpClient, one: Asked): Promise<void> {
    const { path, key, id: known } = one;
    const answer = await this.post(client, one);
    one.id = idOf(answer);
    if (one.id === undefined) {
      this.faults.push(`${path} ${key}: asked again it was answered ${String(answer.status)} ${answer.text}`);
    } else if (known !== undefined && known !== one.id) this.faults.push(`the key of ${known} gave ${one.id}`);
  }

  private post(client: HttpClient, { path, key, body }: Asked): Promise<Answer> {
    return client.post(path, body, { 'idempotency-key': key });
  }

  private count(what: string, answer: Answer | null): void {
    const outcome = answer === null ? 'no answer' : String(answer.status);
    this.counts[`${what} ${outcome}`] = (this.counts[`${what} ${outcome}`] ?? 0) + 1;
    if (answer !== null && answer.status >= 300 && !AWAY.has(answer.status)) {
      this.faults.push(`${what} was answered ${String(answer.status)}: ${answer.text.slice(0, 300)}`);
    }
  }

  private next(): string {
    this.numbered += 1;
    return `${this.name} ${String(this.numbered)}`;
  }

  /** Each is another one, so that nobody waits behind a message of somebody else. */
  private recipient(from = 5_560_000): string {
    this.numbered += 1;
    return `+1202${String(from + (this.numbered % 9_999))}`;
  }
}

const idOf = ({ status, body }: Answer): string | undefined => {
  if (status !== 202) return undefined;
  const { id, batchId } = body as { readonly id?: string; readonly batchId?: string };
  return id ?? batchId;
};
