import type { Checkpoints } from '../../platform/lifecycle/checkpoints.js';
import type { Pacer } from '../limits/index.js';
import type { OutboxRepository } from './outbox.repository.js';
import type { Outgoing } from './outgoing.js';
import type { StatusWriter } from './status-writer.js';

/** What every sender works with. */
export interface SenderTools {
  readonly outbox: OutboxRepository;
  readonly outgoing: Outgoing;
  readonly pacer: Pacer;
  readonly status: StatusWriter;
  readonly checkpoints: Checkpoints;
  readonly attemptTimeoutMs: number;
  /** Messages that this process has handed to an engine and whose outcome is not stored yet. */
  readonly underWay: Set<string>;
  /** Aborted when the process can wait for the database no longer. */
  readonly until: AbortSignal;
}
