import { OUTCOME_UNKNOWN, STATUS_RANK } from '../../src/modules/messages/domain/message-status.js';
import type { MessageRow } from './memory-tables.js';
import { MAX_ATTEMPTS } from './simulated-process.js';
import type { Arrival } from './simulated-provider.js';
import type { World } from './world.js';

const rankOf = ({ status }: Pick<MessageRow, 'status'>): number => STATUS_RANK[status] ?? -1;
const AT_PROVIDER: ReadonlySet<string> = new Set(['SENT', 'UNCONFIRMED', 'DELIVERED', 'READ', 'PLAYED']);

type Rule = (world: World, row: MessageRow) => string | null;

const arrivalsOf = (world: World, { id }: MessageRow): readonly Arrival[] =>
  world.provider.arrivals.filter(({ messageId }) => messageId === id);

const isNotSentTwice: Rule = (world, row) => {
  const byHand = world.retried.get(row.id) ?? 0;
  const most = byHand + (row.onUncertain === 'retry' ? MAX_ATTEMPTS : 1);
  const { length } = arrivalsOf(world, row);
  return length > most ? `it arrived ${String(length)} times under "${row.onUncertain}"` : null;
};

const hasArrivedWhenSent: Rule = (world, row) =>
  AT_PROVIDER.has(row.status) && arrivalsOf(world, row).length === 0 ? `it is ${row.status} and never arrived` : null;

const isAcknowledgedByThem: Rule = (world, row) => {
  const best = Math.max(-1, ...arrivalsOf(world, row).map(({ level }) => STATUS_RANK[level]));
  const isLie = rankOf(row) >= STATUS_RANK.DELIVERED && best < rankOf(row);
  return isLie ? `it is ${row.status} and nobody said so` : null;
};

const hasNotLeftWhenEnded: Rule = (world, row) => {
  const saysNothingLeft = row.status === 'CANCELLED' || row.status === 'EXPIRED';
  const wasTriedAgain = row.onUncertain === 'retry' || world.retried.has(row.id);
  const isLie = saysNothingLeft && !wasTriedAgain && arrivalsOf(world, row).length > 0;
  return isLie ? `it is ${row.status} and arrived` : null;
};

/** A status that has been told is never taken back. */
const neverDescends: Rule = (world, { id }) => {
  const steps = world.tables.rows.timeline.filter(({ messageId }) => messageId === id);
  for (const [index, step] of steps.entries()) {
    const before = steps[index - 1] ?? step;
    if (rankOf(before) >= STATUS_RANK.DELIVERED && rankOf(step) < rankOf(before)) {
      return `it went from ${before.status} back to ${step.status}`;
    }
  }
  return null;
};

const isAtRest: Rule = (_world, { status }) =>
  status === 'QUEUED' || status === 'SENDING' ? `it never came to rest: ${status}` : null;

const isUncertainForAReason: Rule = (world, { status, attempts, providerMessageId }) => {
  if (status !== 'UNCERTAIN') return null;
  if (attempts === 0) return 'it is UNCERTAIN and was never tried';
  return world.provider.find(providerMessageId ?? '') === null ? null : 'it is UNCERTAIN and the provider knows it';
};

const failsForAReason: Rule = (_world, { status, errorCode, onUncertain }) => {
  if (status === 'FAILED' && errorCode === null) return 'it failed without a reason';
  return errorCode === OUTCOME_UNKNOWN && onUncertain === 'hold' ? 'it was given up under "hold"' : null;
};

const hasClosedItsTries: Rule = (world, { id, status }) => {
  const isOpen = world.tables.attemptsOf(id).some(({ outcome }) => outcome === null);
  const isKnown = AT_PROVIDER.has(status) || status === 'FAILED';
  return isOpen && !isKnown ? 'a try of it was never closed' : null;
};

/** An acknowledgement that was stored stands in the status, unless somebody wanted one more try after it. */
const heedsItsAcknowledgements: Rule = (world, row) => {
  if (world.retried.has(row.id)) return null;
  const ids = world.tables.attemptsOf(row.id).map(({ providerMessageId }) => providerMessageId);
  const ignored = world.heard.filter(({ level, providerMessageId }) => {
    if (!ids.includes(providerMessageId)) return false;
    return level === 'SENT' ? row.status === 'UNCERTAIN' : rankOf(row) < STATUS_RANK[level];
  });
  return ignored[0] ? `${ignored[0].level} was acknowledged, and it is ${row.status}` : null;
};

/** What goes to one recipient leaves in the order in which it was accepted, where nothing has been disturbed. */
const findDisorder = (world: World): string[] => {
  if (!world.isCalm) return [];
  const firstCalls = world.provider.calls.filter(({ attempt }) => attempt === 1);
  const lastOf = new Map<string, number>();
  return firstCalls.flatMap(({ messageId }) => {
    const row = world.tables.find(messageId);
    if (row === undefined || world.retried.has(messageId)) return [];
    const last = lastOf.get(row.to) ?? 0;
    lastOf.set(row.to, Math.max(last, row.seq));
    return row.seq < last ? [`${messageId} left after message ${String(last)} to the same recipient`] : [];
  });
};

const findFaults = (world: World, rules: readonly Rule[]): string[] =>
  world.tables.rows.messages.flatMap((row) =>
    rules.flatMap((rule) => {
      const fault = rule(world, row);
      return fault === null ? [] : [`${row.id}: ${fault}`];
    }),
  );

const ALWAYS: readonly Rule[] = [
  ...[isNotSentTwice, hasArrivedWhenSent, isAcknowledgedByThem, hasNotLeftWhenEnded, neverDescends],
];
const AT_REST: readonly Rule[] = [
  ...[isAtRest, isUncertainForAReason, failsForAReason, hasClosedItsTries, heedsItsAcknowledgements],
];

/** What may never be, at any time. */
export const findBroken = (world: World): string[] => findFaults(world, ALWAYS);

/** What may not be once everything has come to rest. */
export const findUnsettled = (world: World): string[] => [...findFaults(world, AT_REST), ...findDisorder(world)];
