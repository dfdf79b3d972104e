import { Injectable } from '@nestjs/common';

import { Prisma } from '../../generated/prisma/client.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';
import { USAGE_RESULTS, type UsageFigures, type UsageGroup, type UsagePeriod } from './domain/usage.js';

/** A mark is older than this before it is counted up to: longer than any statement may take. */
const MARK_AGE_SECONDS = 15;

/** The steps that tell of each result: what was read had been delivered, whoever told which of the two first. */
const RESULTS = Prisma.raw(`(VALUES
  ('accepted', '{QUEUED,SCHEDULED}'::text[]),
  ('sent', '{SENT,DELIVERED,READ,PLAYED}'),
  ('delivered', '{DELIVERED,READ,PLAYED}'),
  ('read', '{READ,PLAYED}'),
  ('failed', '{FAILED}'),
  ('expired', '{EXPIRED}'),
  ('cancelled', '{CANCELLED}'),
  ('received', '{RECEIVED}')) AS known(result, statuses)`);

/** Steps of which no earlier one of their message told the same, by day and by what usage is counted by. */
const counted = (after: Prisma.Sql, through: Prisma.Sql): Prisma.Sql => Prisma.sql`
  SELECT (step.at AT TIME ZONE 'UTC')::date AS day, message.session_id, message.actor_kind,
    coalesce(message.actor_id, '') AS actor_id, message.direction, message.type, known.result, count(*) AS count
  FROM message_timeline AS step JOIN message ON message.id = step.message_id
  JOIN ${RESULTS} ON step.status = ANY(known.statuses)
    AND (known.result = 'received') = (message.direction = 'INBOUND')
  WHERE step.id > ${after} AND step.id <= ${through} AND NOT EXISTS (
    SELECT FROM message_timeline AS earlier WHERE earlier.message_id = step.message_id AND earlier.id < step.id
      AND earlier.status = ANY(known.statuses))
  GROUP BY 1, 2, 3, 4, 5, 6, 7`;

const GROUP_COLUMNS: Readonly<Record<UsageGroup, string>> = {
  day: `to_char(day, 'YYYY-MM-DD') AS day`,
  session: `session_id AS "sessionId"`,
  key: `CASE WHEN actor_kind = 'api-key' THEN actor_id END AS "keyId"`,
  person: `CASE WHEN actor_kind = 'user' THEN actor_id END AS "userId"`,
  direction: 'direction',
  type: 'type',
};

const FIGURES = Prisma.raw(
  USAGE_RESULTS.map(
    (result) => `coalesce(sum(count) FILTER (WHERE result = '${result}'), 0)::float8 AS ${result}`,
  ).join(', '),
);

/** Figures of the days. Every method that reads takes what the caller may see: undefined for every session. */
@Injectable()
export class UsageRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** What has been counted already and what has happened since, in one look: nothing is in both, or in neither. */
  find(
    sessionIds: readonly string[] | undefined,
    { from, to }: UsagePeriod,
    groups: readonly UsageGroup[],
  ): Promise<readonly UsageFigures[]> {
    const columns = groups.map((group) => GROUP_COLUMNS[group]);
    const places = groups.map((_group, place) => String(place + 1)).join(', ');
    const list = Prisma.raw(columns.map((column) => `${column}, `).join(''));
    const grouping = groups.length === 0 ? Prisma.empty : Prisma.raw(`GROUP BY ${places} ORDER BY ${places}`);
    const scope = sessionIds === undefined ? Prisma.empty : Prisma.sql`AND session_id = ANY(${[...sessionIds]})`;
    return this.prisma.$queryRaw`
      WITH figure AS (
        SELECT * FROM usage_day
        UNION ALL
        (${counted(Prisma.sql`(SELECT through FROM usage_cursor)`, Prisma.sql`9223372036854775807`)})
      )
      SELECT ${list} ${FIGURES} FROM figure
      WHERE day BETWEEN ${from}::date AND ${to}::date ${scope} ${grouping}`;
  }

  /**
   * Counts the next steps into the days; answers how many there were. Numbers of steps are given before their commit: it
   * counts only up to a mark that was set while each transaction ran that could still bring an older step.
   */
  async rollUp(limit: number, db: Prisma.TransactionClient): Promise<number> {
    const [cursor] = await db.$queryRaw<{ through: bigint; upTo: bigint; steps: number }[]>`
      SELECT through, coalesce(last.id, through) AS "upTo", coalesce(last.steps, 0)::int AS steps
      FROM (SELECT * FROM usage_cursor FOR UPDATE SKIP LOCKED) AS cursor
      CROSS JOIN LATERAL (SELECT max(id) AS id, count(*) AS steps FROM (
        SELECT id FROM message_timeline WHERE id > cursor.through AND id <= cursor.next_through
          AND pg_snapshot_xmin(pg_current_snapshot()) >= cursor.next_tx
          AND cursor.marked_at < clock_timestamp() - ${MARK_AGE_SECONDS} * interval '1 second'
        ORDER BY id LIMIT ${limit}) AS step) AS last`;
    if (cursor === undefined || cursor.steps === 0) return 0;
    const { through, upTo, steps } = cursor;
    await db.$executeRaw`
      INSERT INTO usage_day AS known (day, session_id, actor_kind, actor_id, direction, type, result, count)
      ${counted(Prisma.sql`${through}`, Prisma.sql`${upTo}`)}
      ON CONFLICT (day, session_id, actor_kind, actor_id, direction, type, result)
      DO UPDATE SET count = known.count + EXCLUDED.count`;
    await db.$executeRaw`UPDATE usage_cursor SET through = ${upTo}`;
    return steps;
  }

  /** Sets the mark up to which the next roll-up counts; the one that stands is counted up to first. */
  async mark(): Promise<void> {
    await this.prisma.$executeRaw`
      UPDATE usage_cursor SET next_through = last.id, next_tx = pg_snapshot_xmax(pg_current_snapshot()),
        marked_at = clock_timestamp()
      FROM (SELECT coalesce(max(id), 0) AS id FROM message_timeline) AS last
      WHERE through >= next_through AND last.id > through`;
  }
}
