import { Prisma } from '../../generated/prisma/client.js';

/** Due messages that are looked at for each one that may be claimed, before the recipients are gone through instead. */
const SEEN_PER_CLAIM = 4;
const SEEN_AT_LEAST = 200;

/** Recipients that are gone through at a time. */
export const LANES = 1000;

export interface ClaimOptions {
  readonly sessionId: string;
  readonly fence: bigint;
  readonly limit: number;
}

/** How many due messages `claimFirst` looks at. */
export const seenBy = (limit: number): number => Math.max(SEEN_AT_LEAST, limit * SEEN_PER_CLAIM);

/**
 * Takes the messages with these ids, as far as nobody else has them. The lists are arrays, not joins: then each plan is
 * a look by key, whatever the planner believes about the size of the table.
 */
const take = (ids: Prisma.Sql, { sessionId, fence }: ClaimOptions): Prisma.Sql => Prisma.sql`
  UPDATE message SET status = 'SENDING', claim_fence = ${fence}
  WHERE id = ANY(ARRAY(
    SELECT id FROM message WHERE id = ANY(ARRAY(${ids})) AND status = 'QUEUED' AND NOT is_held AND due_at <= now()
      AND EXISTS (SELECT FROM session_lease AS lease
        WHERE lease.session_id = ${sessionId} AND lease.fence = ${fence} AND lease.expires_at > now())
    FOR UPDATE SKIP LOCKED))
  RETURNING id, seq, recipient, attempts, priority`;

/**
 * Claims along the queue: what is due, in its order, where nothing stands before it on the way to its recipient. It looks
 * at a bounded number of messages, and answers with each row how many those were. The way to a recipient is found by its
 * beginning and not by equality: then no index has the wanted order but that of the ways.
 */
export const claimFirst = (options: ClaimOptions): Prisma.Sql => {
  const { sessionId, limit } = options;
  const ids = Prisma.sql`
    SELECT seen.id FROM seen WHERE seen.seq = (
      SELECT first.seq FROM message AS first
      WHERE (first.session_id, first.recipient) >= (${sessionId}, seen.recipient)
        AND (first.status = 'SENDING' OR (first.status = 'QUEUED' AND NOT first.is_held))
      ORDER BY first.session_id, first.recipient, first.seq LIMIT 1)
    ORDER BY seen.priority DESC, seen.seq LIMIT ${limit}`;
  return Prisma.sql`
    WITH seen AS MATERIALIZED (
      SELECT id, seq, recipient, priority FROM message
      WHERE session_id = ${sessionId} AND status = 'QUEUED' AND NOT is_held AND due_at <= now()
      ORDER BY session_id, priority DESC, seq LIMIT ${seenBy(limit)}
    ), taken AS (${take(ids, options)})
    SELECT taken.*, (SELECT count(*)::int FROM seen) AS seen FROM (VALUES (1)) AS one(row) LEFT JOIN taken ON true`;
};

/**
 * Claims along the recipients, from `after` on: the first message of each, the most urgent of those. Answers with each
 * row where it stopped; null when there was no further recipient.
 */
export const claimByLane = (options: ClaimOptions, after: string): Prisma.Sql => {
  const { sessionId, limit } = options;
  const firstBehind = (recipient: Prisma.Sql): Prisma.Sql => Prisma.sql`
    SELECT id, seq, recipient, priority, status, due_at FROM message
    WHERE session_id = ${sessionId} AND recipient > ${recipient}
      AND (status = 'SENDING' OR (status = 'QUEUED' AND NOT is_held))
    ORDER BY session_id, recipient, seq LIMIT 1`;
  const ids = Prisma.sql`
    SELECT first.id FROM first WHERE first.status = 'QUEUED' AND first.due_at <= now()
    ORDER BY first.priority DESC, first.seq LIMIT ${limit}`;
  return Prisma.sql`
    WITH RECURSIVE lane AS (
      (${firstBehind(Prisma.sql`${after}`)})
      UNION ALL
      SELECT next.* FROM lane CROSS JOIN LATERAL (${firstBehind(Prisma.sql`lane.recipient`)}) AS next
    ), first AS MATERIALIZED (SELECT * FROM lane LIMIT ${LANES}), taken AS (${take(ids, options)})
    SELECT taken.*, (SELECT max(first.recipient) FROM first HAVING count(*) = ${LANES}) AS "stoppedAt"
    FROM (VALUES (1)) AS one(row) LEFT JOIN taken ON true`;
};
