import { Injectable } from '@nestjs/common';

import { Prisma } from '../../generated/prisma/client.js';
import { type RowKey, sealOf } from '../../platform/crypto/secret-box.js';
import type { SealedColumn } from '../../platform/crypto/sealed-columns.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';

export interface SealedRow {
  readonly key: RowKey;
  readonly sealed: string;
}

export interface ResealedRow extends SealedRow {
  readonly anew: string;
}

export interface Portion {
  /** Rows that another key has sealed. */
  readonly rows: readonly SealedRow[];
  /** Where the next portion begins; null when this was the last one. */
  readonly next: RowKey | null;
}

interface PortionRow extends SealedRow {
  readonly isOther: boolean;
  readonly isLast: boolean;
  readonly size: number;
}

/** The names are constants of the code, never words of a request. */
const sqlOf = ({
  table,
  column,
  key,
  type,
}: SealedColumn): Record<'table' | 'column' | 'keys' | 'text', Prisma.Sql> => {
  const quoted = (name: string): string => `"${name}"`;
  return {
    table: Prisma.raw(quoted(table)),
    column: Prisma.raw(quoted(column)),
    keys: Prisma.raw(key.map(quoted).join(', ')),
    text: Prisma.raw(type === 'jsonb' ? `(t.${quoted(column)} #>> '{}')` : `t.${quoted(column)}`),
  };
};

/** Every sealed text of every feature, whatever it says: found and replaced, never opened here. */
@Injectable()
export class SealedRowsRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** How many texts each key has sealed; null for what no key has. */
  async countByKey(column: SealedColumn): Promise<readonly { readonly keyId: string | null; readonly rows: number }[]> {
    const { table, column: name, text } = sqlOf(column);
    return this.prisma.$queryRaw<{ keyId: string | null; rows: number }[]>`
      SELECT substring(${text} FROM '^v1\.([0-9a-f]{8})\.') AS "keyId", count(*)::int AS rows
      FROM ${table} AS t WHERE t.${name} IS NOT NULL GROUP BY 1 ORDER BY 1`;
  }

  /** Looks at so many rows, in the order of their keys, and answers those that are not sealed with this key. */
  async findOthers(column: SealedColumn, keyId: string, after: RowKey | null, size: number): Promise<Portion> {
    const { table, column: name, keys, text } = sqlOf(column);
    const beyond = after === null ? Prisma.empty : Prisma.sql`AND (${keys}) > (${Prisma.join([...after])})`;
    const found = await this.prisma.$queryRaw<PortionRow[]>`
      WITH portion AS MATERIALIZED (
        SELECT ARRAY[${keys}]::text[] AS key, ${text} AS sealed, row_number() OVER (ORDER BY ${keys}) AS place
        FROM ${table} AS t WHERE t.${name} IS NOT NULL ${beyond} ORDER BY ${keys} LIMIT ${size}
      ), size AS (SELECT count(*)::int AS size FROM portion)
      SELECT key, sealed, size, sealed NOT LIKE ${`${sealOf(keyId)}%`} AS "isOther", place = size AS "isLast"
      FROM portion, size WHERE sealed NOT LIKE ${`${sealOf(keyId)}%`} OR place = size ORDER BY place`;
    const last = found.find(({ isLast }) => isLast);
    return {
      rows: found.filter(({ isOther }) => isOther).map(({ key, sealed }) => ({ key, sealed })),
      next: last?.size === size ? last.key : null,
    };
  }

  /**
   * Puts the new text in the place of the old one, where the old one still stands: what somebody has written meanwhile
   * stays, and what somebody is writing at this moment is left for the next time. Answers how many were replaced.
   */
  async replace(column: SealedColumn, rows: readonly ResealedRow[], db: Prisma.TransactionClient): Promise<number> {
    const { table, column: name, text } = sqlOf(column);
    const keyOf = (place: number): string[] => rows.map(({ key }) => key[place] ?? '');
    const given = column.key.map((_, place) => Prisma.sql`${keyOf(place)}::text[]`);
    const places = Prisma.raw(column.key.map((_, place) => `k${String(place)}`).join(', '));
    const isSame = Prisma.raw(column.key.map((part, place) => `t."${part}" = v.k${String(place)}`).join(' AND '));
    const anew = column.type === 'jsonb' ? Prisma.sql`to_jsonb(v.anew)` : Prisma.sql`v.anew`;
    return db.$executeRaw`
      WITH v AS MATERIALIZED (
        SELECT v.* FROM unnest(${Prisma.join(given)}, ${rows.map(({ sealed }) => sealed)}::text[],
          ${rows.map((row) => row.anew)}::text[]) AS v (${places}, sealed, anew)
        JOIN ${table} AS t ON ${isSame} AND ${text} = v.sealed
        FOR UPDATE OF t SKIP LOCKED
      )
      UPDATE ${table} AS t SET ${name} = ${anew} FROM v WHERE ${isSame} AND ${text} = v.sealed`;
  }
}
