import { Injectable } from '@nestjs/common';

import { Prisma } from '../../generated/prisma/client.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';
import { MESSAGE_STATUSES } from './domain/message-status.js';

export interface MessageFilters {
  readonly sessionId?: string;
  readonly direction?: string;
  readonly status?: string;
  readonly type?: string;
  readonly from?: string;
  readonly to?: string;
  readonly batchId?: string;
  readonly since?: Date;
  readonly until?: Date;
  /** Words that the text has to contain: then `MessageSearch` finds the page. */
  readonly q?: string;
}

/** A place in the log, which is ordered by time, and at the same time by the order in which it was stored. */
export interface Place {
  readonly createdAt: Date;
  readonly seq: bigint;
}

export interface PlacedMessage extends Place {
  readonly id: string;
}

/** Messages of a page: those before `before`, newest first. */
export interface PageOptions {
  readonly limit: number;
  readonly before: Place | null;
}

const END_OF_TIME = new Date('9999-12-31T23:59:59Z');
const BEGIN_OF_TIME = new Date('0001-01-01T00:00:00Z');

/** Statuses of few messages: a look by them is narrower than one by a type. */
const RARE = new Set(['SCHEDULED', 'QUEUED', 'SENDING', 'UNCERTAIN', 'UNCONFIRMED', 'FAILED', 'CANCELLED', 'EXPIRED']);

const statusesOf = ({ direction, status }: MessageFilters): readonly string[] =>
  MESSAGE_STATUSES.filter((name) => status === undefined || name === status).filter(
    (name) => direction === undefined || (name === 'RECEIVED') === (direction === 'INBOUND'),
  );

/** The part of the log that may be on the page: from `since` on, and before `before`. */
interface Window {
  readonly since: Date;
  readonly before: Place;
  readonly limit: number;
}

export const windowOf = ({ since, until }: MessageFilters, { before, limit }: PageOptions): Window => {
  const end: Place = { createdAt: until ?? END_OF_TIME, seq: 0n };
  const isBefore = before !== null && before.createdAt.getTime() < end.createdAt.getTime();
  return { since: since ?? BEGIN_OF_TIME, before: isBefore ? before : end, limit };
};

/**
 * The newest rows of a window in the index that these columns lead. The first is compared with a list of one: then the
 * order by it is not taken for superfluous, and no index has that order but the one that is meant, so that the plan is
 * the same whatever the planner believes, also one that is kept for all values.
 */
const newestBy = (
  leading: readonly (readonly [column: string, value: Prisma.Sql])[],
  { since, before, limit }: Window,
  where: readonly Prisma.Sql[],
): Prisma.Sql => {
  const known = leading.map(([column, value], place) => {
    const compared = place === 0 ? Prisma.sql`ANY(ARRAY[${value}])` : value;
    return Prisma.sql`message.${Prisma.raw(column)} = ${compared}`;
  });
  const conditions = [
    ...known,
    Prisma.sql`(message.created_at, message.seq) < (${before.createdAt}::timestamptz, ${before.seq}::bigint)`,
    Prisma.sql`message.created_at >= ${since}::timestamptz`,
    ...where,
  ];
  const order = [...leading.slice(0, 1).map(([column]) => column), 'created_at', 'seq'];
  return Prisma.sql`SELECT message.id, message.created_at, message.seq FROM message
    WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY ${Prisma.raw(order.map((column) => `message.${column} DESC`).join(', '))} LIMIT ${limit}`;
};

/**
 * What only filters the rows of an index is written as calls of functions: of operators the planner would count that few
 * rows are left, and would rather read and sort all of them than walk from the newest on.
 */
export const isEqual = (column: string, value: string | undefined): readonly Prisma.Sql[] =>
  value === undefined ? [] : [Prisma.sql`texteq(message.${Prisma.raw(column)}, ${value})`];

/** Where a page is read: the branches of which its rows are the newest. */
class PageQuery {
  private readonly window: Window;

  constructor(
    private readonly sessionIds: readonly string[] | undefined,
    private readonly filters: MessageFilters,
    options: PageOptions,
  ) {
    this.window = windowOf(filters, options);
  }

  branches(): readonly Prisma.Sql[] {
    const { batchId, from, to, type } = this.filters;
    if (batchId !== undefined) return [this.newest([['batch_id', Prisma.sql`${batchId}`]])];
    if (from !== undefined || to !== undefined) return this.branchesOfContact(from, to);
    if (type !== undefined && this.isByType(type)) {
      return [this.byType(type)];
    }
    return [this.isOfAll() ? this.newest([]) : this.byStatus(statusesOf(this.filters))];
  }

  private isByType(type: string): boolean {
    const { status } = this.filters;
    return type !== 'text' && !(status !== undefined && RARE.has(status));
  }

  private isOfAll(): boolean {
    const { status, direction } = this.filters;
    return this.sessionIds === undefined && status === undefined && direction === undefined;
  }

  /** Over the sessions that may be seen, and of those over the statuses that are wanted. */
  private byStatus(statuses: readonly string[], sessions = this.sessions()): Prisma.Sql {
    const wanted = Prisma.sql`unnest(${[...statuses]}::text[]) AS wanted(status)`;
    return this.ofSessions(
      Prisma.sql`${sessions} CROSS JOIN ${wanted}`,
      ['status', Prisma.sql`wanted.status`],
      this.where('status'),
    );
  }

  private byType(type: string): Prisma.Sql {
    const where = [Prisma.sql`message.type <> 'text'`, ...this.where('type')];
    return this.ofSessions(this.sessions(), ['type', Prisma.sql`${type}`], where);
  }

  private ofSessions(
    source: Prisma.Sql,
    then: readonly [string, Prisma.Sql],
    where: readonly Prisma.Sql[],
  ): Prisma.Sql {
    const newest = newestBy([['session_id', Prisma.sql`session.id`], then], this.window, where);
    return Prisma.sql`SELECT found.* FROM ${source} CROSS JOIN LATERAL (${newest}) AS found`;
  }

  private sessions(): Prisma.Sql {
    if (this.sessionIds === undefined) return Prisma.sql`session`;
    return Prisma.sql`unnest(${[...this.sessionIds]}::text[]) AS session(id)`;
  }

  /** A number is that of a contact, or one of our own: of those there are few, and they are on nearly every message. */
  private branchesOfContact(from: string | undefined, to: string | undefined): readonly Prisma.Sql[] {
    const outbound = to === undefined ? [] : [this.outboundTo(to)];
    const inbound = from === undefined ? [] : [this.inboundFrom(from)];
    if (from !== undefined && to !== undefined) return [...outbound, ...inbound];
    const ofOurs = to === undefined ? this.ofOurNumber(from ?? '', 'OUTBOUND') : this.ofOurNumber(to, 'INBOUND');
    return [...outbound, ...inbound, ofOurs];
  }

  /** In one direction only: in the other one the number is that of a contact, and is looked for as such. */
  private ofOurNumber(phone: string, direction: 'OUTBOUND' | 'INBOUND'): Prisma.Sql {
    const scope =
      this.sessionIds === undefined ? Prisma.empty : Prisma.sql`AND session_id = ANY(${[...this.sessionIds]})`;
    const sessions = Prisma.sql`(SELECT session_id AS id FROM session_number WHERE phone = ${phone} ${scope}) AS session`;
    return this.byStatus(
      statusesOf(this.filters).filter((name) => (name === 'RECEIVED') === (direction === 'INBOUND')),
      sessions,
    );
  }

  private outboundTo(to: string): Prisma.Sql {
    return newestBy([['recipient', Prisma.sql`${to}`]], this.window, [
      Prisma.sql`message.direction = 'OUTBOUND'`,
      ...this.inScope(),
      ...this.where('recipient'),
    ]);
  }

  private inboundFrom(from: string): Prisma.Sql {
    return newestBy([['sender', Prisma.sql`${from}`]], this.window, [
      Prisma.sql`message.direction = 'INBOUND'`,
      ...this.inScope(),
      ...this.where('sender'),
    ]);
  }

  private newest(leading: readonly (readonly [string, Prisma.Sql])[]): Prisma.Sql {
    return newestBy(leading, this.window, [...this.inScope(), ...this.where()]);
  }

  private inScope(): readonly Prisma.Sql[] {
    return this.sessionIds === undefined
      ? []
      : [Prisma.sql`array_position(${[...this.sessionIds]}::text[], message.session_id) IS NOT NULL`];
  }

  /** What the index does not say already. */
  private where(known?: string): readonly Prisma.Sql[] {
    const { direction, status, type, from, to, batchId } = this.filters;
    const given = { direction, status, type, sender: from, recipient: to, batch_id: batchId };
    return Object.entries(given).flatMap(([column, value]) => (column === known ? [] : isEqual(column, value)));
  }
}

/** The statement of one page: as many looks into indexes as there are branches, and no more rows than a page from each. */
export const pageOf = (
  sessionIds: readonly string[] | undefined,
  filters: MessageFilters,
  options: PageOptions,
): Prisma.Sql => {
  const branches = new PageQuery(sessionIds, filters, options).branches();
  if (branches.length === 0) return Prisma.sql`SELECT NULL AS id, NULL AS "createdAt", NULL AS seq WHERE false`;
  const all = Prisma.join(
    branches.map((branch) => Prisma.sql`(${branch})`),
    ' UNION ALL ',
  );
  return Prisma.sql`SELECT page.id, page.created_at AS "createdAt", page.seq FROM (${all}) AS page
    ORDER BY page.created_at DESC, page.seq DESC LIMIT ${options.limit}`;
};

/** Finds the messages of a page by its filters. `sessionIds` is what the caller may see: undefined for every session. */
@Injectable()
export class MessageHistoryRepository {
  constructor(private readonly prisma: PrismaService) {}

  find(
    sessionIds: readonly string[] | undefined,
    filters: MessageFilters,
    options: PageOptions,
  ): Promise<readonly PlacedMessage[]> {
    return this.prisma.$queryRaw(pageOf(sessionIds, filters, options));
  }
}
