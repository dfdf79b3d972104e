import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../generated/prisma/client.js';
import { newId } from '../../kernel/ids.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';
import type { Media, MediaOrigin } from './domain/media.js';

export interface MediaOwner {
  readonly kind: string;
  readonly id: string;
}

/** What somebody may see: undefined for everything, else what is of these sessions or their own. */
export type MediaScope = { readonly sessionIds: readonly string[]; readonly owner: MediaOwner } | undefined;

export interface NewMedia {
  readonly sha256: string;
  readonly mimeType: string;
  readonly size: number;
  readonly fileName: string | null;
  readonly source: MediaOrigin;
  readonly sessionId: string | null;
  readonly owner: MediaOwner;
}

const SELECT = {
  ...{ id: true, sha256: true, mimeType: true, size: true },
  ...{ fileName: true, source: true, sessionId: true, createdAt: true },
} as const;

type Row = Prisma.MediaGetPayload<{ select: typeof SELECT }>;

const toMedia = (row: Row): Media => ({ ...row, size: Number(row.size), source: row.source as MediaOrigin });

const inScope = (scope: MediaScope): Prisma.MediaWhereInput =>
  scope === undefined
    ? {}
    : {
        OR: [
          { sessionId: { in: [...scope.sessionIds] } },
          { sessionId: null, ownerKind: scope.owner.kind, ownerId: scope.owner.id },
        ],
      };

/** Messages that are not sent yet, and those that may have to be sent again. */
const NEEDING = "('SCHEDULED', 'QUEUED', 'SENDING', 'UNCERTAIN')";

/** What is known of the files; the bytes are elsewhere. */
@Injectable()
export class MediaRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** Newest first. */
  async find(
    scope: MediaScope,
    { sessionId }: { readonly sessionId?: string },
    { limit, before }: { readonly limit: number; readonly before: string | null },
  ): Promise<readonly Media[]> {
    const rows = await this.prisma.media.findMany({
      where: {
        AND: [inScope(scope), sessionId === undefined ? {} : { sessionId }],
        ...(before !== null && { id: { lt: before } }),
      },
      select: SELECT,
      orderBy: { id: 'desc' },
      take: limit,
    });
    return rows.map(toMedia);
  }

  async findById(scope: MediaScope, id: string): Promise<Media | null> {
    const row = await this.prisma.media.findFirst({ where: { id, ...inScope(scope) }, select: SELECT });
    return row && toMedia(row);
  }

  /** Held until the transaction ends: a blob is not removed while somebody begins to refer to it. */
  async lockBlob(sha256: string, db: Prisma.TransactionClient): Promise<void> {
    await db.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`media ${sha256}`}, 0))`;
  }

  async add({ owner, ...media }: NewMedia, db: Prisma.TransactionClient): Promise<Media> {
    const data = { ...media, id: newId('med'), size: BigInt(media.size), ownerKind: owner.kind, ownerId: owner.id };
    return toMedia(await db.media.create({ data, select: SELECT }));
  }

  /** False when it is gone already. */
  async remove(id: string, db: Prisma.TransactionClient): Promise<boolean> {
    const { count } = await db.media.deleteMany({ where: { id } });
    return count === 1;
  }

  async isReferred(sha256: string, db: Prisma.TransactionClient): Promise<boolean> {
    return (await db.media.findFirst({ where: { sha256 }, select: { id: true } })) !== null;
  }

  async isNeeded(id: string, db: Prisma.TransactionClient): Promise<boolean> {
    const rows = await db.$queryRawUnsafe<unknown[]>(
      `SELECT 1 FROM message WHERE media_id = $1 AND status IN ${NEEDING} LIMIT 1`,
      id,
    );
    return rows.length > 0;
  }

  async touch(id: string): Promise<void> {
    await this.prisma.media.updateMany({ where: { id }, data: { usedAt: new Date() } });
  }

  async findOfSession(sessionId: string, limit: number): Promise<readonly Media[]> {
    const rows = await this.prisma.media.findMany({ where: { sessionId }, select: SELECT, take: limit });
    return rows.map(toMedia);
  }

  /** Files whose time is over: by the retention of their session, or because no message refers to them. */
  async findOutdated(unusedDays: number, after: string, limit: number): Promise<readonly Media[]> {
    const rows = await this.prisma.$queryRawUnsafe<(Omit<Media, 'size'> & { readonly size: bigint })[]>(
      `SELECT media.id, media.sha256, media.mime_type AS "mimeType", media.size, media.file_name AS "fileName",
         media.source, media.session_id AS "sessionId", media.created_at AS "createdAt"
       FROM media LEFT JOIN session ON session.id = media.session_id
       WHERE media.id > $1
         AND NOT EXISTS (SELECT FROM message WHERE media_id = media.id AND status IN ${NEEDING})
         AND (media.created_at < now() - interval '1 day'
             * coalesce((session.settings->'retention'->>'mediaDays')::int, 30)
           OR media.used_at < now() - interval '1 day' * $2::int
             AND NOT EXISTS (SELECT FROM message WHERE media_id = media.id))
       ORDER BY media.id LIMIT $3::int`,
      after,
      unusedDays,
      limit,
    );
    return rows.map((row) => ({ ...row, size: Number(row.size) }));
  }
}
