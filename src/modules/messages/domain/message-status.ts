/**
 * How far each status is. A message only climbs; what has no rank stands aside: FAILED, CANCELLED and EXPIRED are ends,
 * UNCERTAIN is left as soon as somebody tells what became of the message.
 */
export const STATUS_RANK = {
  SCHEDULED: 0,
  QUEUED: 1,
  SENDING: 2,
  UNCERTAIN: 3,
  SENT: 4,
  UNCONFIRMED: 5,
  DELIVERED: 6,
  READ: 7,
  PLAYED: 8,
  FAILED: null,
  CANCELLED: null,
  EXPIRED: null,
  RECEIVED: null,
} as const satisfies Record<string, number | null>;

export type MessageStatus = keyof typeof STATUS_RANK;

export const MESSAGE_STATUSES = Object.keys(STATUS_RANK) as readonly MessageStatus[];

/** Why a message failed whose outcome nobody knows and whose sender preferred to let it go. */
export const OUTCOME_UNKNOWN = 'outcome-unknown';

/** What the rules need to know of a message. */
export interface OutboundState {
  readonly status: MessageStatus;
  readonly attempts: number;
  /** Those of the tries that never began. */
  readonly notStarted: number;
  /** The last try has no outcome yet; one that is claimed anew and not tried since has none that is open. */
  readonly isTryOpen: boolean;
  readonly onUncertain: 'hold' | 'retry' | 'drop';
  readonly errorCode: string | null;
}

/** Something that was learned about an outbound message. `attempt` is the try that it is about. */
export type StatusChange =
  | { readonly kind: 'reached'; readonly level: 'SENT' | 'DELIVERED' | 'READ' | 'PLAYED' }
  /** The answer to the send: the provider will not take it. */
  | { readonly kind: 'refused'; readonly attempt: number; readonly code: string; readonly detail: string }
  /** Told later by the provider: what it had taken has failed. */
  | { readonly kind: 'failed'; readonly attempt: number | null; readonly code: string; readonly detail: string }
  /** The try was written down and never began: nothing has left, and it counts for nothing. */
  | { readonly kind: 'not-started'; readonly attempt: number; readonly code?: string }
  | { readonly kind: 'deferred'; readonly attempt: number; readonly code: string; readonly detail: string }
  | { readonly kind: 'uncertain'; readonly attempt: number; readonly reason: string }
  /** Nobody has acknowledged in time what the provider had taken. */
  | { readonly kind: 'unconfirmed' }
  /** It will not be sent. `isClaimed`: by the one who has claimed it, and has not begun to try. */
  | {
      readonly kind: 'given-up';
      readonly status: 'FAILED' | 'EXPIRED' | 'CANCELLED';
      readonly code: string;
      readonly detail: string;
      readonly isClaimed: boolean;
    }
  /** Somebody wants it to be tried once more. */
  /** `isLater`: it had been scheduled for a time that is still to come. */
  | { readonly kind: 'retried'; readonly isLater?: boolean };

export interface NextState {
  readonly status: MessageStatus;
  readonly error: { readonly code: string; readonly detail: string } | null;
  readonly reason: string | null;
}

const settled = (status: MessageStatus, reason: string | null = null): NextState => ({ status, error: null, reason });
const failed = (code: string, detail: string): NextState => ({
  status: 'FAILED',
  error: { code, detail },
  reason: code,
});

const triesOf = ({ attempts, notStarted }: OutboundState): number => attempts - notStarted;

const climb = (state: OutboundState, level: 'SENT' | 'DELIVERED' | 'READ' | 'PLAYED'): NextState | null => {
  const rank = STATUS_RANK[state.status];
  if (rank !== null) return rank < STATUS_RANK[level] ? settled(level) : null;
  if (state.status === 'RECEIVED') return null;
  // An end is left again for what can only be true of a message that left: a try of it had arrived. What the provider
  // has failed may have been SENT before.
  const mayHaveFailedAfterwards = state.status === 'FAILED' && state.errorCode !== OUTCOME_UNKNOWN;
  const least = mayHaveFailedAfterwards ? STATUS_RANK.DELIVERED : STATUS_RANK.SENT;
  return STATUS_RANK[level] >= least ? settled(level) : null;
};

const fail = (state: OutboundState, change: StatusChange & { readonly kind: 'failed' }): NextState | null => {
  // An older try that failed says nothing about the one that is under way, or that has arrived.
  if (change.attempt !== null && change.attempt !== state.attempts) return null;
  const rank = STATUS_RANK[state.status];
  const isTooLate = rank === null || rank > STATUS_RANK.UNCONFIRMED || state.status === 'SCHEDULED';
  return isTooLate ? null : failed(change.code, change.detail);
};

const leaveOpen = (state: OutboundState, reason: string, maxAttempts: number): NextState => {
  if (state.onUncertain === 'drop') return failed(OUTCOME_UNKNOWN, reason);
  const retries = state.onUncertain === 'retry' && triesOf(state) < maxAttempts;
  return retries ? settled('QUEUED', reason) : settled('UNCERTAIN', reason);
};

const RETRIABLE: ReadonlySet<MessageStatus> = new Set(['FAILED', 'UNCERTAIN', 'EXPIRED', 'CANCELLED']);

const giveUp = (state: OutboundState, change: StatusChange & { readonly kind: 'given-up' }): NextState | null => {
  const { status, code, detail, isClaimed } = change;
  const isWaiting = state.status === 'QUEUED' || state.status === 'SCHEDULED';
  if (!isWaiting && !(isClaimed && state.status === 'SENDING')) return null;
  return status === 'CANCELLED' ? settled(status) : { status, error: { code, detail }, reason: code };
};

/** Changes that no try has brought about. */
const advanceByHand = (
  state: OutboundState,
  change: StatusChange & { readonly kind: 'unconfirmed' | 'given-up' | 'retried' },
): NextState | null => {
  if (change.kind === 'given-up') return giveUp(state, change);
  if (change.kind === 'retried') {
    const next = change.isLater === true ? 'SCHEDULED' : 'QUEUED';
    return RETRIABLE.has(state.status) ? settled(next, change.kind) : null;
  }
  return state.status === 'SENT' ? settled('UNCONFIRMED', 'no-acknowledgement') : null;
};

type ChangeOfTry = StatusChange & { readonly kind: 'refused' | 'not-started' | 'deferred' | 'uncertain' };

const advanceByTry = (state: OutboundState, change: ChangeOfTry, maxAttempts: number): NextState | null => {
  // The outcome of an older try says nothing about the one that is under way, or is about to be.
  if (state.status !== 'SENDING' || !state.isTryOpen || change.attempt !== state.attempts) return null;
  if (change.kind === 'refused') return failed(change.code, change.detail);
  if (change.kind === 'not-started') return settled('QUEUED', change.code ?? change.kind);
  if (change.kind === 'uncertain') return leaveOpen(state, change.reason, maxAttempts);
  return triesOf(state) >= maxAttempts ? failed(change.code, change.detail) : settled('QUEUED', change.code);
};

/** What a message becomes by a change, or null when the change tells nothing new or comes too late. */
export const advance = (state: OutboundState, change: StatusChange, maxAttempts: number): NextState | null => {
  switch (change.kind) {
    case 'reached':
      return climb(state, change.level);
    case 'failed':
      return fail(state, change);
    case 'unconfirmed':
    case 'given-up':
    case 'retried':
      return advanceByHand(state, change);
    default:
      return advanceByTry(state, change, maxAttempts);
  }
};
