import type { Prisma } from '../../src/generated/prisma/client.js';
import type { MessageClockRepository } from '../../src/modules/messages/message-clock.repository.js';
import type { OutboxRepository } from '../../src/modules/messages/outbox.repository.js';
import type { OutgoingRepository } from '../../src/modules/messages/outgoing.repository.js';
import type { StatusRepository } from '../../src/modules/messages/status.repository.js';
import type { LeaseRepository } from '../../src/modules/sessions/lease.repository.js';
import { DatabaseUnavailableError } from '../../src/platform/prisma/database.errors.js';
import type { Transaction, Transactions } from '../../src/platform/prisma/transactions.js';
import type { Random } from '../faults/crash/random.js';
import type { MemoryTables } from './memory-tables.js';
import type { Owner, VirtualClock } from './virtual-clock.js';

/** How often a statement is lost on its way, or its answer. */
const LOST = 0.01;
const MAX_LATENCY_MS = 40;
const CONFIRM_MS = 30_000;

export interface Repositories {
  readonly outbox: OutboxRepository;
  readonly leases: LeaseRepository;
  readonly outgoing: OutgoingRepository;
  readonly clock: MessageClockRepository;
  readonly statuses: StatusRepository;
  readonly transactions: Transactions;
}

interface Sent<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

const done = (work: () => void): Promise<void> => {
  work();
  return Promise.resolve();
};

/** The tables, behind a network that is slow, loses statements and answers, and is at times not there. */
export class MemoryDatabase {
  isAway = false;
  isHealed = false;

  constructor(
    readonly tables: MemoryTables,
    private readonly clock: VirtualClock,
    private readonly random: Random,
  ) {}

  /** What a process sees of it. */
  repositoriesOf(owner: Owner): Repositories {
    const { tables } = this;
    const ask = <T>(work: () => T): Promise<T> => this.ask(owner, work);
    const outbox = {
      claim: (sessionId: string, fence: bigint, limit: number) =>
        ask(() => tables.claim(sessionId, fence, limit).map(({ id, to, attempts }) => ({ id, to, attempts }))),
      beginAttempts: (...args: Parameters<MemoryTables['beginAttempts']>) => ask(() => tables.beginAttempts(...args)),
      release: (...args: Parameters<MemoryTables['release']>) =>
        ask(() => {
          tables.release(...args);
        }),
      requeue: (...args: Parameters<MemoryTables['requeue']>) =>
        ask(() => {
          tables.requeue(...args);
        }),
      findClaimed: (...args: Parameters<MemoryTables['findClaimed']>) => ask(() => tables.findClaimed(...args)),
      findLeftBehind: (...args: Parameters<MemoryTables['findLeftBehind']>) =>
        ask(() => tables.findLeftBehind(...args)),
      findUncertain: (...args: Parameters<MemoryTables['findUncertain']>) => ask(() => tables.findUncertain(...args)),
    };
    const leases = {
      acquire: (id: string, name: string, leaseMs: number) => ask(() => tables.acquireLease(id, name, leaseMs)),
      renew: (name: string, leaseMs: number) => ask(() => tables.renewLeases(name, leaseMs)),
      isHeld: (id: string, name: string, fence: bigint) =>
        ask(() => {
          const lease = tables.rows.leases.get(id);
          return lease?.owner === name && lease.fence === fence;
        }),
    };
    return {
      outbox: outbox as unknown as OutboxRepository,
      leases: leases as unknown as LeaseRepository,
      outgoing: { find: (ids: readonly string[]) => ask(() => this.outgoing(ids)) } as unknown as OutgoingRepository,
      clock: this.clockOf(ask),
      statuses: this.statuses(),
      transactions: {
        run: <T>(work: (tx: Transaction) => Promise<T>) => this.transact(owner, work),
      } as unknown as Transactions,
    };
  }

  private clockOf(ask: <T>(work: () => T) => Promise<T>): MessageClockRepository {
    const repository = {
      queueDue: () => Promise.resolve({ count: 0, sessionIds: new Set<string>() }),
      findExpired: () =>
        ask(() =>
          this.tables.rows.messages
            .filter(({ status, expiresAt }) => status === 'QUEUED' && expiresAt !== null && expiresAt <= this.clock.now)
            .map(({ id }) => id),
        ),
      findUnacknowledged: () =>
        ask(() =>
          this.tables.rows.messages
            .filter(({ status, sentAt }) => status === 'SENT' && (sentAt ?? 0) < this.clock.now - CONFIRM_MS)
            .map(({ id }) => id),
        ),
    };
    return repository as unknown as MessageClockRepository;
  }

  /** Within a transaction nothing is lost and nobody comes between: the rows are locked until it ends. */
  private statuses(): StatusRepository {
    const { tables } = this;
    return {
      findByProviderKeys: (...[keys]: Parameters<StatusRepository['findByProviderKeys']>) =>
        Promise.resolve(tables.findByProviderKeys(keys)),
      lock: (...[ids]: Parameters<StatusRepository['lock']>) => Promise.resolve(tables.lock(ids)),
      write: (...[steps]: Parameters<StatusRepository['write']>) =>
        done(() => {
          tables.write(steps);
        }),
      closeAttempts: (...[steps]: Parameters<StatusRepository['closeAttempts']>) =>
        done(() => {
          tables.closeAttempts(steps);
        }),
      park: (...[statuses]: Parameters<StatusRepository['park']>) =>
        done(() => {
          tables.park(statuses);
        }),
      unpark: (...[keys]: Parameters<StatusRepository['unpark']>) => Promise.resolve(tables.unpark(keys)),
    } as unknown as StatusRepository;
  }

  private outgoing(ids: readonly string[]): ReadonlyMap<string, unknown> {
    return new Map(
      ids.flatMap((id) => {
        const row = this.tables.find(id);
        if (!row) return [];
        const isExpired = row.expiresAt !== null && row.expiresAt <= this.clock.now;
        return [
          [
            id,
            {
              id,
              type: 'text',
              text: id,
              content: null,
              mediaId: null,
              targetId: null,
              target: null,
              isExpired,
              isOptedOut: false,
            },
          ] as const,
        ];
      }),
    );
  }

  private ask<T>(owner: Owner, work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.travel(null, () => {
        if (this.isAway || this.isLost())
          this.answer(owner, () => {
            reject(new DatabaseUnavailableError(null));
          });
        else this.reply(owner, work(), { resolve, reject });
      });
    });
  }

  private transact<T>(owner: Owner, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      // The process itself goes on from statement to statement: when it dies before, none of them is committed.
      this.travel(owner, () => {
        if (this.isAway || this.isLost()) {
          reject(new DatabaseUnavailableError(null));
          return;
        }
        const before = this.tables.copy();
        const hooks: (() => void)[] = [];
        const tx: Transaction = {
          db: {} as Prisma.TransactionClient,
          record: () => undefined,
          afterCommit: (run) => {
            hooks.push(run);
          },
        };
        work(tx).then(
          (value) => {
            if (this.isLost()) {
              this.tables.rows = before;
              this.answer(owner, () => {
                reject(new DatabaseUnavailableError(null));
              });
              return;
            }
            this.reply(owner, value, {
              reject,
              resolve: (result) => {
                for (const run of hooks) run();
                resolve(result);
              },
            });
          },
          (error: unknown) => {
            this.tables.rows = before;
            this.answer(owner, () => {
              reject(error instanceof Error ? error : new Error(String(error)));
            });
          },
        );
      });
    });
  }

  private reply<T>(owner: Owner, value: T, { resolve, reject }: Sent<T>): void {
    const isAnswerLost = this.isLost();
    this.answer(owner, () => {
      if (isAnswerLost) reject(new DatabaseUnavailableError(null));
      else resolve(value);
    });
  }

  private answer(owner: Owner, run: () => void): void {
    this.travel(owner, run);
  }

  private travel(owner: Owner | null, run: () => void): void {
    this.clock.plan(this.random.between(0, MAX_LATENCY_MS), run, owner);
  }

  private isLost(): boolean {
    return !this.isHealed && this.random.isBelow(LOST);
  }
}
