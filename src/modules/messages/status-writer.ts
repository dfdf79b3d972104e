import { Inject, Injectable, Logger } from '@nestjs/common';

import { OutboxConfig } from '../../config/config.slices.js';
import { backoffDelay } from '../../kernel/backoff.js';
import { Batcher } from '../../platform/batching/batcher.js';
import { Checkpoints } from '../../platform/lifecycle/checkpoints.js';
import { DatabaseUnavailableError } from '../../platform/prisma/database.errors.js';
import { type Transaction, Transactions } from '../../platform/prisma/transactions.js';
import type { SentTry } from '../engines/index.js';
import { advance, type NextState, type StatusChange } from './domain/message-status.js';
import { SendWaiters } from './send-waiters.js';
import { recordStep } from './status-events.js';
import {
  type LockedMessage,
  type ParkedStatus,
  type ProviderKey,
  type ProviderKeyOwner,
  StatusRepository,
  type StatusStep,
} from './status.repository.js';

const BATCH = { maxItems: 500, maxConcurrent: 1 };
const RETRY_MAX_MS = 600_000;
/** Failures of the change itself, not of a database that is away. */
const MAX_FAILURES = 5;
const PERSIST_RETRY = { baseMs: 200, maxMs: 5000, factor: 2 };

/** The provider's id, and the try under which it took the message where it says so. */
interface ReportedKey extends ProviderKey {
  readonly sent?: SentTry;
}

/** A change of one outbound message, told by our id or by the provider's. */
export interface ReportedChange {
  readonly target: { readonly messageId: string } | ReportedKey;
  readonly change: StatusChange;
  readonly at: Date;
  /** With a send that was answered: the try, and the id that the provider gave. */
  readonly attempt?: number;
  readonly providerMessageId?: string;
  readonly retryInMs?: number;
  /** Who decided it, when no try did. */
  readonly by?: string;
}

/** Which try a provider's word is about is known by the id that it came under. */
const aboutTry = (change: StatusChange, attempt: number | null): StatusChange =>
  change.kind === 'failed' ? { ...change, attempt } : change;

/** A change that no engine has told. */
export interface DecidedChange {
  readonly messageId: string;
  readonly change: StatusChange;
  readonly by?: string;
}

interface Known extends ReportedChange {
  readonly messageId: string;
}

const nameOf = ({ sessionId, providerMessageId }: ProviderKey): string => `${sessionId}\n${providerMessageId}`;

/** The only writer of statuses: changes of many messages share one transaction, and each only climbs. */
@Injectable()
export class StatusWriter {
  private readonly logger = new Logger(StatusWriter.name);
  private readonly batcher = new Batcher<ReportedChange, undefined>((items) => this.flush(items), BATCH);

  constructor(
    private readonly statuses: StatusRepository,
    private readonly transactions: Transactions,
    private readonly waiters: SendWaiters,
    @Inject(OutboxConfig) private readonly config: OutboxConfig,
    @Inject(Checkpoints) private readonly checkpoints: Checkpoints,
  ) {}

  /**
   * Resolves when it is stored; tries again while the database is away, for what the provider has said must not be
   * forgotten. Gives up (and rejects) when `until` is aborted.
   */
  async persist(change: ReportedChange, until?: AbortSignal): Promise<void> {
    let failures = 0;
    for (let attempt = 1; ; attempt += 1) {
      try {
        // One that the database does not take must not hold up the others of its batch: it is tried by itself.
        await (failures === 0 ? this.batcher.add(change) : this.flush([change]));
        return;
      } catch (error) {
        if (!(error instanceof DatabaseUnavailableError)) failures += 1;
        if (until?.aborted === true || failures > MAX_FAILURES) throw error;
        this.logger.warn({ err: error, attempt }, 'a status could not be stored and is tried again');
        await new Promise((resolve) => setTimeout(resolve, backoffDelay(PERSIST_RETRY, attempt)));
      }
    }
  }

  /** Changes that somebody decides, within the transaction of that decision; answers the steps that were taken. */
  async decide(changes: readonly DecidedChange[], tx: Transaction): Promise<readonly StatusStep[]> {
    const at = new Date();
    const known = changes.map(({ messageId, change, by }) => ({
      ...{ target: { messageId }, messageId, change, at, retryInMs: 0 },
      ...(by !== undefined && { by }),
    }));
    const steps = await this.apply(known, tx);
    tx.afterCommit(() => {
      for (const { messageId, next } of steps) this.waiters.settle(messageId, next);
    });
    return steps;
  }

  private async flush(items: readonly ReportedChange[]): Promise<readonly undefined[]> {
    const done = await this.transactions.run(async (tx) => {
      const known = await this.identify(items, tx);
      const steps = await this.apply(known, tx);
      const late = await this.unpark(steps, tx);
      const all = late.length === 0 ? steps : [...steps, ...(await this.apply(late, tx))];
      this.checkpoints.pass('K9');
      return all;
    });
    this.checkpoints.pass('K10');
    for (const { messageId, next } of done) this.waiters.settle(messageId, next);
    return items.map(() => undefined);
  }

  /** Changes of messages that are not known are parked: an acknowledgement may be faster than the send's own commit. */
  private async identify(items: readonly ReportedChange[], tx: Transaction): Promise<readonly Known[]> {
    const keys = items.flatMap(({ target }) => ('messageId' in target ? [] : [target]));
    const owners = await this.ownersOf(keys, tx);
    const unknown: ParkedStatus[] = [];
    const known = items.flatMap((item): Known[] => {
      const { target, change, at } = item;
      if ('messageId' in target) return [{ ...item, messageId: target.messageId }];
      const { sessionId, providerMessageId } = target;
      const owner = owners.get(nameOf(target));
      if (owner !== undefined) {
        const { messageId, attempt, isLearned } = owner;
        const learned = isLearned === true && attempt !== null && { attempt, providerMessageId };
        return [{ ...item, messageId, change: aboutTry(change, attempt), ...learned }];
      }
      const status = change.kind === 'reached' ? change.level : 'FAILED';
      unknown.push({ sessionId, providerMessageId, status, at });
      return [];
    });
    if (unknown.length > 0) await this.statuses.park(unknown, tx.db);
    return known;
  }

  /** By the provider's id, or by the try of ours that it names: that is how an id is learned whose answer was lost. */
  private async ownersOf(
    keys: readonly ReportedKey[],
    tx: Transaction,
  ): Promise<ReadonlyMap<string, ProviderKeyOwner>> {
    if (keys.length === 0) return new Map();
    const known = await this.statuses.findByProviderKeys(keys, tx.db);
    const named = keys.flatMap(({ sent, ...key }) =>
      sent === undefined || known.has(nameOf(key)) ? [] : { ...key, sent },
    );
    if (named.length === 0) return known;
    return new Map([...known, ...(await this.statuses.findByTries(named, tx.db))]);
  }

  private async apply(changes: readonly Known[], tx: Transaction): Promise<readonly StatusStep[]> {
    if (changes.length === 0) return [];
    const ids = [...new Set(changes.map(({ messageId }) => messageId))];
    const states = new Map(await this.statuses.lock(ids, tx.db));
    const steps: StatusStep[] = [];
    for (const item of changes) {
      const state = states.get(item.messageId);
      const next = state && advance(state, item.change, this.config.maxAttempts);
      if (!state || !next) continue;
      steps.push(this.toStep(item, state, next));
      states.set(item.messageId, { ...state, status: next.status, errorCode: next.error?.code ?? null });
      recordStep(tx, { ...state, providerMessageId: item.providerMessageId ?? state.providerMessageId }, next);
    }
    if (steps.length > 0) {
      await this.statuses.write(steps, tx.db);
      await this.statuses.closeAttempts(steps, tx.db);
    }
    return steps;
  }

  /** What was parked for ids that became known by these steps. */
  private async unpark(steps: readonly StatusStep[], tx: Transaction): Promise<readonly Known[]> {
    const named = steps.filter(({ providerMessageId }) => providerMessageId !== null);
    if (named.length === 0) return [];
    const states = await this.statuses.lock(
      named.map(({ messageId }) => messageId),
      tx.db,
    );
    const byKey = new Map<string, ProviderKeyOwner>();
    const keys = named.flatMap(({ messageId, providerMessageId, attempt }) => {
      const sessionId = states.get(messageId)?.sessionId;
      if (sessionId === undefined || providerMessageId === null) return [];
      byKey.set(`${sessionId}\n${providerMessageId}`, { messageId, attempt });
      return [{ sessionId, providerMessageId }];
    });
    const parked = await this.statuses.unpark(keys, tx.db);
    return parked.flatMap(({ sessionId, providerMessageId, status, at }) => {
      const owner = byKey.get(`${sessionId}\n${providerMessageId}`);
      if (owner === undefined) return [];
      const { messageId, attempt } = owner;
      const change: StatusChange =
        status === 'FAILED'
          ? { kind: 'failed', attempt, code: 'failed-at-provider', detail: 'The provider reported a failure.' }
          : { kind: 'reached', level: status };
      return [{ target: { messageId }, messageId, change, at }];
    });
  }

  private toStep(item: Known, state: LockedMessage, next: NextState): StatusStep {
    const policy = { baseMs: this.config.retryBaseMs, maxMs: RETRY_MAX_MS, factor: 2 };
    return {
      messageId: item.messageId,
      next,
      at: item.at,
      attempt: item.attempt ?? ('attempt' in item.change ? item.change.attempt : null),
      isNotStarted: item.change.kind === 'not-started',
      retryInMs: item.retryInMs ?? backoffDelay(policy, state.attempts),
      providerMessageId: item.providerMessageId ?? null,
      by: item.by ?? null,
    };
  }
}
