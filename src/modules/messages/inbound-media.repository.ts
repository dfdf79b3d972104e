import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../generated/prisma/client.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';

export interface WantedMedia {
  readonly messageId: string;
  readonly providerMessageId: string;
  readonly at: Date;
}

/** Files of inbound messages that are still at WhatsApp. */
@Injectable()
export class InboundMediaRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** Oldest first: they are the first that WhatsApp forgets. */
  async findWanted(sessionId: string, except: readonly string[], limit: number): Promise<readonly WantedMedia[]> {
    return this.prisma.$queryRaw`
      SELECT id AS "messageId", provider_message_id AS "providerMessageId", created_at AS at FROM message
      WHERE session_id = ${sessionId} AND media_status = 'PENDING' AND provider_message_id IS NOT NULL
        AND id <> ALL(${[...except]}::text[])
      ORDER BY seq LIMIT ${limit}`;
  }

  /** False when somebody was faster. */
  async settle(
    messageId: string,
    outcome: { readonly status: 'STORED' | 'GONE' | 'REFUSED'; readonly mediaId: string | null },
    db: Prisma.TransactionClient,
  ): Promise<boolean> {
    const { count } = await db.message.updateMany({
      where: { id: messageId, mediaStatus: 'PENDING' },
      data: { mediaStatus: outcome.status, mediaId: outcome.mediaId },
    });
    return count === 1;
  }
}
