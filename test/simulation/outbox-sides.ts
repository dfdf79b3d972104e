import fc from 'fast-check';
import type pg from 'pg';

import { advance, type StatusChange } from '../../src/modules/messages/domain/message-status.js';
import { OutboxRepository } from '../../src/modules/messages/outbox.repository.js';
import { StatusRepository, type StatusStep } from '../../src/modules/messages/status.repository.js';
import { LeaseRepository } from '../../src/modules/sessions/lease.repository.js';
import type { PrismaService } from '../../src/platform/prisma/prisma.service.js';
import type { MemoryTables } from './memory-tables.js';

const SESSION = 'default';
const LONG_MS = 100_000_000;
const OWNERS = ['one', 'two'] as const;

const CHANGES: readonly StatusChange[] = [
  ...(['SENT', 'DELIVERED', 'READ'] as const).map((level) => ({ kind: 'reached' as const, level })),
  ...[1, 2].flatMap((attempt): StatusChange[] => [
    { kind: 'refused', attempt, code: 'no', detail: 'No.' },
    { kind: 'not-started', attempt },
    { kind: 'deferred', attempt, code: 'busy', detail: 'Busy.' },
    { kind: 'uncertain', attempt, reason: 'Nobody knows.' },
  ]),
  { kind: 'unconfirmed' },
  { kind: 'given-up', status: 'CANCELLED', code: 'cancelled', detail: '', isClaimed: false },
  { kind: 'retried' },
];

const number = fc.nat({ max: 7 });
const fence = fc.bigInt({ min: 0n, max: 4n });
const ids = fc.array(number, { minLength: 1, maxLength: 4 });

export const operation = fc.oneof(
  fc.record({ kind: fc.constant('accept' as const), lane: fc.nat({ max: 2 }), priority: fc.constantFrom(0, 5) }),
  fc.record({ kind: fc.constant('claim' as const), fence, limit: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant('begin' as const), fence, ids }),
  fc.record({ kind: fc.constant('release' as const), fence, ids }),
  fc.record({ kind: fc.constant('requeue' as const), fence, ids }),
  fc.record({
    kind: fc.constant('change' as const),
    id: number,
    change: fc.constantFrom(...CHANGES),
    isSoon: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('lease' as const), owner: fc.constantFrom(...OWNERS), isShort: fc.boolean() }),
  fc.record({ kind: fc.constant('renew' as const), owner: fc.constantFrom(...OWNERS) }),
  fc.record({ kind: fc.constant('park' as const), id: number }),
);
export type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;
type Of<Kind> = Extract<Operation, { readonly kind: Kind }>;

const idOf = (n: number): string => `msg_${String(n + 1)}`;
const idsOf = (numbers: readonly number[]): readonly string[] => [...new Set(numbers)].map(idOf);
const byMessage = <T extends { readonly messageId: string }>(list: readonly T[]): readonly T[] =>
  [...list].sort((a, b) => Number(a.messageId > b.messageId) - Number(a.messageId < b.messageId));

const toStep = (state: Parameters<typeof advance>[0], messageId: string, what: Of<'change'>): StatusStep | null => {
  const { change, isSoon } = what;
  const next = advance(state, change, 3);
  return (
    next && {
      ...{ messageId, next, at: new Date(), attempt: 'attempt' in change ? change.attempt : null },
      ...{ retryInMs: isSoon ? 0 : LONG_MS, providerMessageId: null, by: null },
      isNotStarted: change.kind === 'not-started',
    }
  );
};

/** Does the same to PostgreSQL and to the model, and compares what both answer. */
export class OutboxSides {
  private readonly outbox: OutboxRepository;
  private readonly statuses: StatusRepository;
  private readonly leases: LeaseRepository;
  private named = 0;

  constructor(
    private readonly model: MemoryTables,
    private readonly prisma: PrismaService,
    private readonly client: pg.Client,
  ) {
    this.outbox = new OutboxRepository(prisma);
    this.statuses = new StatusRepository(prisma);
    this.leases = new LeaseRepository(prisma);
  }

  async apply(what: Operation): Promise<void> {
    const doers: { readonly [Kind in Operation['kind']]: (of: Of<Kind>) => Promise<void> } = {
      ...{ accept: (of) => this.accept(of), claim: (of) => this.claim(of), begin: (of) => this.begin(of) },
      ...{ release: (of) => this.release(of), requeue: (of) => this.requeue(of), change: (of) => this.change(of) },
      ...{ lease: (of) => this.lease(of), renew: (of) => this.renew(of), park: (of) => this.park(of) },
    };
    await (doers[what.kind] as (of: Operation) => Promise<void>)(what);
  }

  private async accept({ lane, priority }: Of<'accept'>): Promise<void> {
    const { messages } = this.model.rows;
    const seq = messages.length + 1;
    const id = idOf(messages.length);
    const to = `+1202555010${String(lane)}`;
    messages.push({
      ...{ id, seq, sessionId: SESSION, to, onUncertain: 'hold', priority, status: 'QUEUED', attempts: 0, dueAt: 0 },
      ...{ claimFence: null, errorCode: null, providerMessageId: null, sentAt: null, expiresAt: null },
    });
    await this.client.query(
      `INSERT INTO message (id, session_id, direction, type, status, recipient, text, priority, due_at)
      VALUES ($1, $2, 'OUTBOUND', 'text', 'QUEUED', $3, 'x', $4, now() - interval '1 hour')`,
      [id, SESSION, to, priority],
    );
  }

  private async claim({ fence: under, limit }: Of<'claim'>): Promise<void> {
    const taken = this.model.claim(SESSION, under, limit).map(({ id, to, attempts }) => ({ id, to, attempts }));
    expect(taken).toEqual(await this.outbox.claim(SESSION, under, limit));
  }

  private async begin({ fence: under, ids: numbers }: Of<'begin'>): Promise<void> {
    const given = idsOf(numbers).map((id) => {
      this.named += 1;
      return { id, providerMessageId: `p${String(this.named)}` };
    });
    const begun = await this.outbox.beginAttempts(under, given);
    expect(byMessage(this.model.beginAttempts(under, given))).toEqual(byMessage(begun));
    const claimed = await this.outbox.findClaimed(SESSION, under);
    expect(new Set(this.model.findClaimed(SESSION, under))).toEqual(new Set(claimed));
    expect(this.model.findLeftBehind(SESSION, under, 10)).toEqual(await this.outbox.findLeftBehind(SESSION, under, 10));
  }

  private async release({ fence: under, ids: numbers }: Of<'release'>): Promise<void> {
    const rows = idsOf(numbers).map((id) => ({ id, attempts: this.model.find(id)?.attempts ?? 0 }));
    this.model.release(under, rows);
    await this.outbox.release(under, rows);
  }

  private async requeue({ fence: under, ids: numbers }: Of<'requeue'>): Promise<void> {
    const rows = idsOf(numbers).map((messageId) => {
      const attempts = this.model.find(messageId)?.attempts ?? 0;
      return { messageId, attempt: null, attempts };
    });
    this.model.requeue(under, rows);
    await this.outbox.requeue(under, rows);
  }

  private async change(what: Of<'change'>): Promise<void> {
    const id = idOf(what.id);
    const modelled = this.model.lock([id]).get(id);
    await this.prisma.$transaction(async (db) => {
      const state = (await this.statuses.lock([id], db)).get(id);
      expect(modelled).toEqual(state && expect.objectContaining(state));
      const step = state && toStep(state, id, what);
      if (!step) return;
      await this.statuses.write([step], db);
      await this.statuses.closeAttempts([step], db);
      this.model.write([step]);
      this.model.closeAttempts([step]);
    });
    expect(this.model.findUncertain(SESSION, 10)).toEqual(await this.outbox.findUncertain(SESSION, 10));
  }

  private async lease({ owner, isShort }: Of<'lease'>): Promise<void> {
    const leaseMs = isShort ? -1000 : LONG_MS;
    const taken = await this.leases.acquire(SESSION, owner, leaseMs);
    expect(this.model.acquireLease(SESSION, owner, leaseMs)).toEqual(taken);
  }

  private async renew({ owner }: Of<'renew'>): Promise<void> {
    expect(this.model.renewLeases(owner, LONG_MS)).toEqual(await this.leases.renew(owner, LONG_MS));
  }

  private async park({ id }: Of<'park'>): Promise<void> {
    const key = { sessionId: SESSION, providerMessageId: `p${String(id)}` };
    const parked = { ...key, status: 'DELIVERED' as const, at: new Date(0) };
    await this.prisma.$transaction(async (db) => {
      const found = await this.statuses.findByProviderKeys([key], db);
      const owners = [...found].map(([name, { messageId, attempt }]) => [name, { messageId, attempt }]);
      expect([...this.model.findByProviderKeys([key])]).toEqual(owners);
      await this.statuses.park([parked], db);
      this.model.park([parked]);
      if (found.size > 0) expect(this.model.unpark([key])).toEqual(await this.statuses.unpark([key], db));
    });
  }
}
