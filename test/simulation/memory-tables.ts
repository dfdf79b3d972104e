import type { MessageStatus } from '../../src/modules/messages/domain/message-status.js';
import type { LeftBehind, OpenClaim, RegisteredAttempt } from '../../src/modules/messages/outbox.repository.js';
import type {
  LockedMessage,
  ParkedStatus,
  ProviderKey,
  ProviderKeyOwner,
  StatusStep,
} from '../../src/modules/messages/status.repository.js';

export interface MessageRow {
  readonly id: string;
  readonly seq: number;
  readonly sessionId: string;
  readonly to: string;
  readonly onUncertain: 'hold' | 'retry' | 'drop';
  readonly priority: number;
  readonly expiresAt: number | null;
  status: MessageStatus;
  attempts: number;
  dueAt: number;
  claimFence: bigint | null;
  errorCode: string | null;
  providerMessageId: string | null;
  sentAt: number | null;
}

export interface AttemptRow {
  readonly messageId: string;
  readonly number: number;
  readonly fence: bigint;
  providerMessageId: string | null;
  outcome: string | null;
}

export interface LeaseRow {
  owner: string;
  expiresAt: number;
  fence: bigint;
}

export interface TimelineRow {
  readonly messageId: string;
  readonly status: MessageStatus;
}

export interface Rows {
  messages: MessageRow[];
  attempts: AttemptRow[];
  parked: ParkedStatus[];
  timeline: TimelineRow[];
  leases: Map<string, LeaseRow>;
}

const NOT_STARTED = 'NOT_STARTED';
const isQueued = ({ status }: MessageRow): boolean => status === 'QUEUED';

const copy = ({ messages, attempts, parked, timeline, leases }: Rows): Rows => ({
  messages: messages.map((row) => ({ ...row })),
  attempts: attempts.map((row) => ({ ...row })),
  parked: [...parked],
  timeline: [...timeline],
  leases: new Map([...leases].map(([id, lease]) => [id, { ...lease }])),
});

/**
 * What the statements of the outbox do, on rows in memory. That they do the same as the statements on PostgreSQL is what
 * `test/integration/outbox-model.int-spec.ts` shows; change both together.
 */
export class MemoryTables {
  rows: Rows = { messages: [], attempts: [], parked: [], timeline: [], leases: new Map() };

  constructor(readonly now: () => number) {}

  copy(): Rows {
    return copy(this.rows);
  }

  find(id: string): MessageRow | undefined {
    return this.rows.messages.find((row) => row.id === id);
  }

  attemptsOf(id: string): readonly AttemptRow[] {
    return this.rows.attempts.filter(({ messageId }) => messageId === id);
  }

  claim(sessionId: string, fence: bigint, limit: number): readonly MessageRow[] {
    const lease = this.rows.leases.get(sessionId);
    if (lease?.fence !== fence || lease.expiresAt <= this.now()) return [];
    const inWay = this.rows.messages.filter(
      (row) => row.sessionId === sessionId && (row.status === 'SENDING' || isQueued(row)),
    );
    const firstOf = new Map<string, number>();
    for (const { to, seq } of inWay) firstOf.set(to, Math.min(seq, firstOf.get(to) ?? seq));
    const taken = inWay
      .filter((row) => isQueued(row) && row.dueAt <= this.now() && firstOf.get(row.to) === row.seq)
      .sort((a, b) => b.priority - a.priority || a.seq - b.seq)
      .slice(0, limit);
    for (const row of taken) Object.assign(row, { status: 'SENDING', claimFence: fence });
    return taken;
  }

  beginAttempts(
    fence: bigint,
    given: readonly { readonly id: string; readonly providerMessageId: string | null }[],
  ): readonly RegisteredAttempt[] {
    return given.flatMap(({ id, providerMessageId }) => {
      const row = this.find(id);
      if (row?.status !== 'SENDING' || row.claimFence !== fence) return [];
      row.attempts += 1;
      row.providerMessageId = providerMessageId ?? row.providerMessageId;
      this.rows.attempts.push({ messageId: id, number: row.attempts, fence, providerMessageId, outcome: null });
      this.rows.timeline.push({ messageId: id, status: 'SENDING' });
      return [{ messageId: id, attempt: row.attempts }];
    });
  }

  release(fence: bigint, given: readonly { readonly id: string; readonly attempts: number }[]): void {
    for (const { id, attempts } of given) this.giveBack(id, attempts, (claimed) => claimed === fence);
  }

  requeue(fence: bigint, given: readonly { readonly messageId: string; readonly attempts: number }[]): void {
    for (const { messageId, attempts } of given) this.giveBack(messageId, attempts, (claimed) => claimed !== fence);
  }

  findClaimed(sessionId: string, fence: bigint): readonly OpenClaim[] {
    return this.sending(sessionId)
      .filter(({ claimFence }) => claimFence === fence)
      .map(({ id, attempts }) => ({ id, attempts, openAttempt: this.openAttempt(id, attempts)?.number ?? null }));
  }

  findLeftBehind(sessionId: string, fence: bigint, limit: number): readonly LeftBehind[] {
    return this.sending(sessionId)
      .filter(({ claimFence }) => claimFence !== fence)
      .slice(0, limit)
      .map(({ id, attempts, claimFence }) => {
        const found = this.openAttempt(id, attempts);
        const open = found?.fence === claimFence ? found : undefined;
        return {
          messageId: id,
          attempts,
          attempt: open?.number ?? null,
          providerMessageId: open?.providerMessageId ?? null,
        };
      });
  }

  findUncertain(
    sessionId: string,
    limit: number,
  ): readonly { readonly messageId: string; readonly providerMessageId: string }[] {
    return this.rows.messages
      .filter((row) => row.sessionId === sessionId && row.status === 'UNCERTAIN' && row.providerMessageId !== null)
      .sort((a, b) => b.seq - a.seq)
      .slice(0, limit)
      .map(({ id, providerMessageId }) => ({ messageId: id, providerMessageId: providerMessageId ?? '' }));
  }

  findByProviderKeys(keys: readonly ProviderKey[]): ReadonlyMap<string, ProviderKeyOwner> {
    const found = keys.flatMap(({ sessionId, providerMessageId }) =>
      this.rows.attempts
        .filter((a) => a.providerMessageId === providerMessageId && this.find(a.messageId)?.sessionId === sessionId)
        .map((a) => [`${sessionId}\n${providerMessageId}`, { messageId: a.messageId, attempt: a.number }] as const),
    );
    return new Map(found);
  }

  lock(ids: readonly string[]): ReadonlyMap<string, LockedMessage> {
    const rows = this.rows.messages.filter(({ id }) => ids.includes(id));
    const notStarted = (id: string): number =>
      this.attemptsOf(id).filter(({ outcome }) => outcome === NOT_STARTED).length;
    return new Map(
      rows.map((row) => {
        const isTryOpen = row.status === 'SENDING' && this.openAttempt(row.id, row.attempts) !== undefined;
        return [row.id, { ...row, isTryOpen, notStarted: row.attempts > 1 ? notStarted(row.id) : 0 }] as const;
      }),
    );
  }

  write(steps: readonly StatusStep[]): void {
    for (const { messageId, next, retryInMs, providerMessageId, at } of steps) {
      const row = this.find(messageId);
      if (!row) continue;
      Object.assign(row, { status: next.status, errorCode: next.error?.code ?? null, claimFence: null });
      if (next.status === 'QUEUED') row.dueAt = this.now() + retryInMs;
      if (['SENT', 'DELIVERED', 'READ', 'PLAYED'].includes(next.status)) row.sentAt ??= at.getTime();
      row.providerMessageId = providerMessageId ?? row.providerMessageId;
      this.rows.timeline.push({ messageId, status: next.status });
    }
  }

  closeAttempts(steps: readonly StatusStep[]): void {
    for (const { messageId, attempt, isNotStarted, next, providerMessageId } of steps) {
      const row = this.attemptsOf(messageId).find(({ number }) => number === attempt);
      if (!row) continue;
      row.outcome = isNotStarted ? NOT_STARTED : next.status;
      row.providerMessageId = providerMessageId ?? row.providerMessageId;
    }
  }

  park(statuses: readonly ParkedStatus[]): void {
    const nameOf = ({ sessionId, providerMessageId, status }: ParkedStatus): string =>
      `${sessionId} ${providerMessageId} ${status}`;
    for (const one of statuses) {
      if (!this.rows.parked.some((parked) => nameOf(parked) === nameOf(one))) this.rows.parked.push(one);
    }
  }

  unpark(keys: readonly ProviderKey[]): readonly ParkedStatus[] {
    const isMeant = (parked: ParkedStatus): boolean =>
      keys.some((k) => k.sessionId === parked.sessionId && k.providerMessageId === parked.providerMessageId);
    const taken = this.rows.parked.filter(isMeant);
    this.rows.parked = this.rows.parked.filter((parked) => !isMeant(parked));
    return taken;
  }

  acquireLease(sessionId: string, owner: string, leaseMs: number): bigint | null {
    const held = this.rows.leases.get(sessionId);
    if (held && held.owner !== owner && held.expiresAt >= this.now()) return null;
    const fence = (held?.fence ?? 0n) + 1n;
    this.rows.leases.set(sessionId, { owner, expiresAt: this.now() + leaseMs, fence });
    return fence;
  }

  renewLeases(owner: string, leaseMs: number): ReadonlyMap<string, bigint> {
    const ours = [...this.rows.leases].filter(([, lease]) => lease.owner === owner);
    for (const [, lease] of ours) lease.expiresAt = this.now() + leaseMs;
    return new Map(ours.map(([sessionId, { fence }]) => [sessionId, fence]));
  }

  private giveBack(id: string, attempts: number, isMeant: (claimed: bigint | null) => boolean): void {
    const row = this.find(id);
    if (row?.status !== 'SENDING' || row.attempts !== attempts || !isMeant(row.claimFence)) return;
    Object.assign(row, { status: 'QUEUED', claimFence: null });
  }

  private sending(sessionId: string): readonly MessageRow[] {
    return this.rows.messages
      .filter((row) => row.sessionId === sessionId && row.status === 'SENDING')
      .sort((a, b) => a.seq - b.seq);
  }

  private openAttempt(id: string, number: number): AttemptRow | undefined {
    return this.attemptsOf(id).find((attempt) => attempt.number === number && attempt.outcome === null);
  }
}
