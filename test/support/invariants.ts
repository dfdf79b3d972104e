import { ChainWalk } from '../../src/modules/audit/domain/audit-chain.js';
import type { AuditEntry } from '../../src/modules/audit/domain/audit-entry.js';
import { OUTCOME_UNKNOWN, STATUS_RANK, type MessageStatus } from '../../src/modules/messages/domain/message-status.js';
import { FAULTS } from './invariant-faults.js';

/** Asks the database, past the application. */
export type Query = <Row extends object>(text: string, values?: readonly unknown[]) => Promise<readonly Row[]>;

/** How often a message has arrived, where the sandbox is not the one to know. */
export type ArrivalCount = (message: { readonly text: string | null }) => number;

export interface InvariantOptions {
  /** Of messages that went through WhatsApp Web; without it nobody knows. */
  readonly arrivals?: ArrivalCount;
  /** Messages that were answered with 202: each must be stored. */
  readonly acknowledged?: readonly string[];
  /** True when everything had time to come to rest: nothing may be on its way any more. */
  readonly isSettled?: boolean;
}

interface MessageRow {
  readonly id: string;
  readonly status: MessageStatus;
  readonly on_uncertain: 'hold' | 'retry' | 'drop';
  readonly error_code: string | null;
  readonly sent_at: Date | null;
  readonly attempts: number;
  readonly arrivals: number;
  readonly timeline: readonly { readonly status: MessageStatus; readonly reason: string | null }[];
  readonly sent_events: number;
  readonly failed_events: number;
  readonly uncertain_events: number;
  readonly batch_id: string | null;
  readonly audit_entries: number;
  readonly engine: string;
  readonly text: string | null;
}

const OUTBOUND = `
  SELECT m.id, m.status, m.on_uncertain, m.error_code, m.sent_at, m.attempts, m.batch_id, m.text, s.engine,
    coalesce(a.arrivals, 0) AS arrivals,
    coalesce((SELECT json_agg(json_build_object('status', t.status, 'reason', t.reason) ORDER BY t.id)
      FROM message_timeline AS t WHERE t.message_id = m.id), '[]') AS timeline,
    coalesce(e.sent, 0) AS sent_events, coalesce(e.failed, 0) AS failed_events,
    coalesce(e.uncertain, 0) AS uncertain_events, coalesce(x.entries, 0) AS audit_entries
  FROM message AS m
  LEFT JOIN session AS s ON s.id = m.session_id
  LEFT JOIN (SELECT message_id, count(*)::int AS arrivals FROM sandbox_arrival GROUP BY 1) AS a ON a.message_id = m.id
  LEFT JOIN (
    SELECT payload->>'messageId' AS id, count(*) FILTER (WHERE name = 'whatsapp.message_sent')::int AS sent,
      count(*) FILTER (WHERE name = 'whatsapp.message_failed')::int AS failed,
      count(*) FILTER (WHERE name = 'whatsapp.message_uncertain')::int AS uncertain
    FROM event GROUP BY 1) AS e ON e.id = m.id
  LEFT JOIN (
    SELECT target AS id, count(*)::int AS entries FROM audit_entry WHERE action = 'messages.send' GROUP BY 1) AS x
    ON x.id = m.id
  WHERE m.direction = 'OUTBOUND'`;

const ON_THE_WAY: ReadonlySet<MessageStatus> = new Set(['QUEUED', 'SENDING']);

/** One step of a timeline: it climbs, or it is one of the two ways back that the rules know. */
const isLegalStep = (from: MessageStatus, to: MessageStatus): boolean => {
  if (from === 'SENDING' && to === 'QUEUED') return true;
  const before = STATUS_RANK[from];
  const after = STATUS_RANK[to];
  // Given up without knowing, and known later.
  if (from === 'FAILED') return after !== null && after >= STATUS_RANK.SENT;
  if (before === null) return false;
  return after === null || after > before;
};

const wasSent = (status: MessageStatus): boolean => (STATUS_RANK[status] ?? 0) >= STATUS_RANK.SENT;

const checkTimeline = ({ id, status, timeline }: MessageRow): string[] => {
  const faults: string[] = [];
  timeline.forEach((entry, index) => {
    const before = timeline[index - 1];
    // Somebody wanted one more try.
    const isByHand = entry.reason === 'retried' && /^(QUEUED|SCHEDULED)$/.test(entry.status);
    if (before && !isByHand && !isLegalStep(before.status, entry.status)) {
      faults.push(`${id}: its status went from ${before.status} to ${entry.status}`);
    }
  });
  const last = timeline.at(-1)?.status;
  // A claim that has not led to a try yet is not told.
  if (last !== status && !(status === 'SENDING' && last === 'QUEUED')) {
    faults.push(`${id}: it is ${status} and its timeline ends with ${String(last)}`);
  }
  return faults;
};

/** How often it came to be sent: what a provider has taken and failed afterwards was sent as well. */
const timesSent = ({ timeline }: MessageRow): number =>
  timeline.filter(({ status }, at) => wasSent(status) && !wasSent(timeline[at - 1]?.status ?? 'QUEUED')).length;

/** Refused by the provider, and not by our own decision to give it up. */
const wasRefused = ({ status, error_code }: MessageRow): boolean =>
  status === 'FAILED' && error_code !== OUTCOME_UNKNOWN;

const checkArrivals = (row: MessageRow, count: ArrivalCount | undefined): string[] => {
  const { id, status, on_uncertain, attempts, engine } = row;
  const arrivals = engine === 'sandbox' ? row.arrivals : count?.(row);
  if (arrivals === undefined) return [];
  const atMost = on_uncertain === 'retry' ? attempts : wasRefused(row) ? 0 : Math.min(attempts, 1);
  const atLeast = wasSent(status) ? 1 : 0;
  if (arrivals >= atLeast && arrivals <= atMost) return [];
  return [`${id} (${status}, ${on_uncertain}): ${String(arrivals)} arrivals of ${String(attempts)} tries`];
};

const checkEvents = (row: MessageRow): string[] => {
  const { id, status, timeline, sent_events, failed_events, uncertain_events } = row;
  // Somebody may want one more try of what has failed, and that may fail as well: each step is told once.
  const steps = (wanted: MessageStatus): number => timeline.filter((entry) => entry.status === wanted).length;
  const expected = [
    ['message_sent', sent_events, timesSent(row)],
    ['message_failed', failed_events, steps('FAILED')],
    ['message_uncertain', uncertain_events, steps('UNCERTAIN')],
  ] as const;
  return expected
    .filter(([, seen, wanted]) => seen !== wanted)
    .map(([name, seen]) => `${id}: ${String(seen)} ${name} for ${status}`);
};

const checkTold = (row: MessageRow): string[] => {
  const { id, status, sent_at, audit_entries } = row;
  const faults = checkEvents(row);
  if (timesSent(row) > 0 !== (sent_at !== null)) faults.push(`${id}: ${status} with sent_at ${String(sent_at)}`);
  // The messages of a bulk share the entry of their batch.
  const expected = row.batch_id === null ? 1 : 0;
  if (audit_entries !== expected) faults.push(`${id}: ${String(audit_entries)} entries in the audit trail`);
  return faults;
};

const checkMessages = async (
  query: Query,
  { acknowledged = [], isSettled = true, arrivals }: InvariantOptions,
): Promise<string[]> => {
  const rows = await query<MessageRow>(OUTBOUND);
  const stored = new Set(rows.map(({ id }) => id));
  const lost = acknowledged.filter((id) => !stored.has(id)).map((id) => `${id}: it was acknowledged and is lost`);
  const faults = rows.flatMap((row) => [
    ...checkTimeline(row),
    ...checkArrivals(row, arrivals),
    ...checkTold(row),
    ...(isSettled && ON_THE_WAY.has(row.status) ? [`${row.id}: it is still ${row.status}`] : []),
  ]);
  return [...lost, ...faults];
};

/**
 * What was tried once and arrived, arrived in the order in which it was accepted. Of two that were accepted at the same
 * moment either may be the first: it is the number and the place in the audit trail together that tell.
 */
const checkOrder = async (query: Query): Promise<string[]> => {
  const rows = await query<{ id: string; before: string }>(`
    SELECT id, before FROM (
      SELECT m.id, m.seq, x.seq AS place, lag(m.seq) OVER lane AS seq_before, lag(x.seq) OVER lane AS place_before,
        lag(m.id) OVER lane AS before
      FROM sandbox_arrival AS a JOIN message AS m ON m.id = a.message_id
        JOIN audit_entry AS x ON x.target = m.id AND x.action = 'messages.send'
      WHERE m.attempts = 1 AND m.direction = 'OUTBOUND'
      WINDOW lane AS (PARTITION BY m.session_id, m.recipient ORDER BY a.id)) AS arrived
    WHERE seq_before > seq AND place_before > place`);
  return rows.map(({ id, before }) => `${id}: it was accepted before ${before} and arrived after it`);
};

interface AuditRow {
  readonly seq: string;
  readonly id: string;
  readonly at: Date;
  readonly actor_kind: string;
  readonly actor_id: string | null;
  readonly actor_name: string | null;
  readonly action: string;
  readonly target: string | null;
  readonly outcome: string;
  readonly request_id: string | null;
  readonly detail: string;
  readonly previous_hash: string;
  readonly hash: string;
}

const toEntry = (row: AuditRow): AuditEntry => ({
  seq: BigInt(row.seq),
  id: row.id,
  at: row.at,
  actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
  action: row.action,
  target: row.target,
  outcome: row.outcome,
  requestId: row.request_id,
  detail: row.detail,
  previousHash: row.previous_hash,
  hash: row.hash,
});

const checkAudit = async (query: Query): Promise<string[]> => {
  // One statement, so that the head belongs to the entries.
  const rows = await query<AuditRow & { head_seq: string; head_hash: string }>(`
    SELECT h.seq AS head_seq, h.hash AS head_hash, a.* FROM audit_head AS h LEFT JOIN audit_entry AS a ON true
    ORDER BY a.seq`);
  const walk = new ChainWalk();
  const broken = rows
    .filter(({ seq }) => (seq as string | null) !== null)
    .map((row) => walk.add(toEntry(row)))
    .find((fault) => fault !== null);
  const [first] = rows;
  const fault = broken ?? (first && walk.finish({ seq: BigInt(first.head_seq), hash: first.head_hash }));
  return fault ? [`the audit trail is broken at entry ${String(fault.seq)}: ${fault.reason}`] : [];
};

const checkFaults = async (query: Query): Promise<string[]> => {
  const found: string[] = [];
  for (const [what, text] of Object.entries(FAULTS)) {
    const rows = await query<Record<string, unknown>>(text);
    if (rows.length > 0) found.push(`${what}: ${JSON.stringify(rows.slice(0, 5))}`);
  }
  return found;
};

/** Reads the whole database and names everything in it that the first promise of the product forbids. */
export const findViolations = async (query: Query, options: InvariantOptions = {}): Promise<readonly string[]> => [
  ...(await checkMessages(query, options)),
  ...(await checkOrder(query)),
  ...(await checkAudit(query)),
  ...(await checkFaults(query)),
];
