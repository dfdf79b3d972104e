import { type BackoffPolicy, backoffDelay } from '../../../kernel/backoff.js';
import { type GraphErrorRule, type RateLimit, ruleFor } from './graph-error-table.js';
import { asRecord, type JsonRecord, isTrueAt, numberAt, recordAt, recordsAt, textAt } from './untrusted-json.js';

/** One error as the Graph API writes it, in an answer, in a status or beside an inbound message. */
export interface GraphError {
  readonly code: number;
  /** Deprecated by Meta and still the only thing that tells an expired token from a revoked one. */
  readonly subcode: number | null;
  /** For people; never to be branched on: it is translated and reworded. */
  readonly detail: string;
  readonly isTransient: boolean;
  /** What Meta's support asks for. */
  readonly traceId: string | null;
}

/** How a call to the Graph API went that did not succeed. */
export type FailedCall =
  /** With an error, or with something that is none: a page of a gateway, half a body, nothing. */
  | { readonly kind: 'answered'; readonly httpStatus: number; readonly error: GraphError | null }
  /** There was no connection, so that nothing of the request has left. */
  | { readonly kind: 'not-connected' }
  /** The request may have left, and no answer came. */
  | { readonly kind: 'no-answer' };

/** What follows from a failure. With all but `unknown-outcome` the message surely was not sent. */
export type Decision =
  | { readonly action: 'retry'; readonly reasonCode: string; readonly waitMs: number }
  | {
      readonly action: 'slow-down';
      readonly reasonCode: string;
      readonly limit: RateLimit;
      readonly waitMs: number;
    }
  | { readonly action: 'give-up'; readonly reasonCode: string }
  /** The session can send nothing until a person has changed something; the message keeps its place. */
  | { readonly action: 'park-session'; readonly reasonCode: string }
  /** It may have been sent. Only a status that carries our id can tell; a repeat could reach the person twice. */
  | { readonly action: 'unknown-outcome'; readonly reasonCode: string };

export interface DecisionContext {
  /** Which try this was, from 1. */
  readonly attempt: number;
  /** What the headers said about when calls are allowed again; null when they said nothing. */
  readonly regainInMs?: number | null;
  readonly random?: () => number;
}

const DETAIL_AT_MOST = 500;
/** Meta repeats a malformed token in its message; a token must not come into a log or a message's history. */
const ACCESS_TOKEN = /\bEA[A-Za-z0-9]{16,}/g;

const detailOf = (raw: JsonRecord, code: number): string => {
  const found =
    textAt(recordAt(raw, 'error_data'), 'details') ??
    textAt(raw, 'details') ??
    textAt(raw, 'error_user_msg') ??
    textAt(raw, 'message') ??
    textAt(raw, 'title') ??
    `Error ${String(code)} of Meta.`;
  return found.slice(0, DETAIL_AT_MOST).replace(ACCESS_TOKEN, '…');
};

/** One error object; null for what has no code. */
export const readGraphError = (raw: unknown): GraphError | null => {
  const record = asRecord(raw);
  const code = numberAt(record, 'code');
  if (record === null || code === null) return null;
  return {
    code,
    subcode: numberAt(record, 'error_subcode'),
    detail: detailOf(record, code),
    isTransient: isTrueAt(record, 'is_transient'),
    traceId: textAt(record, 'fbtrace_id'),
  };
};

/** The error of an answer (`{"error": {…}}`), given as text or parsed; null for a body that is no such answer. */
export const readErrorAnswer = (body: unknown): GraphError | null => {
  const parsed = typeof body === 'string' ? parseOrNull(body) : body;
  return readGraphError(recordAt(asRecord(parsed), 'error'));
};

const parseOrNull = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // A gateway answers with a page or with nothing; that there is no error to read is all there is to know.
    return null;
  }
};

/** The errors of a status, of an inbound message or of a whole change. */
export const readErrors = (holder: unknown): readonly GraphError[] =>
  recordsAt(asRecord(holder), 'errors').flatMap((raw) => readGraphError(raw) ?? []);

const RETRY: BackoffPolicy = { baseMs: 2_000, maxMs: 300_000, factor: 2 };
const THROTTLED: BackoffPolicy = { baseMs: 2_000, maxMs: 60_000, factor: 2 };
/** Limits that are counted by the hour. */
const HOURLY: BackoffPolicy = { baseMs: 60_000, maxMs: 3_600_000, factor: 2 };
/** "Platform overview": after the pair limit a repeat comes after 4^x seconds, with x from 0. */
const PAIR: BackoffPolicy = { baseMs: 1_000, maxMs: 1_024_000, factor: 4 };

const POLICIES: Readonly<Record<RateLimit, BackoffPolicy>> = {
  app: HOURLY,
  account: HOURLY,
  pair: PAIR,
  throughput: THROTTLED,
};

/** The part that a wait is stretched by at most when it must not be shortened. */
const STRETCH = 0.25;

const waitOf = (policy: BackoffPolicy, floorMs: number, context: DecisionContext): number => {
  const { attempt, random = Math.random } = context;
  const waitMs = backoffDelay(policy, attempt, random);
  // What Meta names as the earliest time is no upper bound to be jittered below.
  return Math.max(waitMs, Math.round(floorMs * (1 + STRETCH * random())));
};

const pairWait = (context: DecisionContext): number => {
  const earliest = Math.min(PAIR.maxMs, PAIR.baseMs * PAIR.factor ** Math.max(0, context.attempt - 1));
  return waitOf(PAIR, Math.max(earliest, context.regainInMs ?? 0), context);
};

const apply = (rule: GraphErrorRule, context: DecisionContext): Decision => {
  const { reasonCode } = rule;
  switch (rule.action) {
    case 'retry': {
      if (context.attempt >= (rule.maxTries ?? Infinity)) return { action: 'give-up', reasonCode };
      const floorMs = Math.max(rule.minWaitMs ?? 0, context.regainInMs ?? 0);
      return { action: 'retry', reasonCode, waitMs: waitOf(RETRY, floorMs, context) };
    }
    case 'slow-down': {
      const { limit } = rule;
      const waitMs = limit === 'pair' ? pairWait(context) : waitOf(POLICIES[limit], context.regainInMs ?? 0, context);
      return { action: 'slow-down', reasonCode, limit, waitMs };
    }
    default:
      return { action: rule.action, reasonCode };
  }
};

const TRANSIENT: GraphErrorRule = { action: 'retry', reasonCode: 'meta-failed', maxTries: 3 };
const REJECTED: GraphErrorRule = { action: 'give-up', reasonCode: 'meta-rejected' };
const UNAVAILABLE: GraphErrorRule = { action: 'retry', reasonCode: 'meta-unavailable' };

/** For statuses that mean the same whoever answers: Meta, or a gateway before it. */
const BY_STATUS: ReadonlyMap<number, GraphErrorRule> = new Map<number, GraphErrorRule>([
  [401, { action: 'park-session', reasonCode: 'token-invalid' }],
  // RFC 9110: the request did not arrive in time, or is not handled at all.
  [408, UNAVAILABLE],
  [429, { action: 'slow-down', reasonCode: 'app-rate-limited', limit: 'app' }],
  [503, UNAVAILABLE],
]);

/** A code that Meta does not list: Meta has answered that it failed, so that nothing was sent. */
const ruleForUnlisted = (error: GraphError, httpStatus: number): GraphErrorRule => {
  if (error.isTransient) return TRANSIENT;
  return BY_STATUS.get(httpStatus) ?? (httpStatus >= 500 ? TRANSIENT : REJECTED);
};

const decideWithoutError = (httpStatus: number, context: DecisionContext): Decision => {
  const rule = BY_STATUS.get(httpStatus);
  if (rule !== undefined) return apply(rule, context);
  // Success of which the half is missing, or a gateway that has lost the one who knew.
  if (httpStatus < 300 || httpStatus >= 500) return { action: 'unknown-outcome', reasonCode: 'answer-not-readable' };
  return apply(REJECTED, context);
};

/**
 * What follows from a call that failed. 100/33 is read as of a call to the number itself; a call about a file or a
 * template reads it as "this object is gone".
 */
export const decideOnCall = (failure: FailedCall, context: DecisionContext): Decision => {
  if (failure.kind === 'no-answer') return { action: 'unknown-outcome', reasonCode: 'no-answer' };
  if (failure.kind === 'not-connected') return apply({ action: 'retry', reasonCode: 'meta-not-reachable' }, context);
  const { error, httpStatus } = failure;
  if (error === null) return decideWithoutError(httpStatus, context);
  return apply(ruleFor(error.code, error.subcode) ?? ruleForUnlisted(error, httpStatus), context);
};

/** What follows from an error in a status: the message was taken and will not be delivered. */
export const decideOnStatus = (error: GraphError, context: DecisionContext): Decision =>
  apply(ruleFor(error.code, error.subcode) ?? (error.isTransient ? TRANSIENT : REJECTED), context);

/** Our word for what an error means, as it stands at a message that failed. */
export const reasonOf = (error: GraphError): string =>
  ruleFor(error.code, error.subcode)?.reasonCode ?? REJECTED.reasonCode;
