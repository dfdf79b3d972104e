import { Injectable } from '@nestjs/common';

import { PrismaService } from '../../platform/prisma/prisma.service.js';
import type { StoredContent } from './domain/message-content.js';

/** What a claimed message needs to be sent, beside the claim itself. */
export interface OutgoingMessage extends StoredContent {
  readonly id: string;
  /** The recipient has opted out since it was accepted. */
  readonly isOptedOut: boolean;
  readonly isExpired: boolean;
  readonly target: {
    readonly providerMessageId: string;
    readonly isOurs: boolean;
    readonly chat: string;
  } | null;
}

interface Row extends StoredContent {
  readonly id: string;
  readonly isOptedOut: boolean;
  readonly isExpired: boolean;
  readonly targetProviderId: string | null;
  readonly isTargetOurs: boolean | null;
  readonly targetChat: string | null;
}

const toOutgoing = ({ targetProviderId, isTargetOurs, targetChat, ...row }: Row): OutgoingMessage => ({
  ...row,
  target:
    targetProviderId === null
      ? null
      : { providerMessageId: targetProviderId, isOurs: isTargetOurs === true, chat: targetChat ?? '' },
});

/** Reads what is about to leave. */
@Injectable()
export class OutgoingRepository {
  constructor(private readonly prisma: PrismaService) {}

  async find(ids: readonly string[]): Promise<ReadonlyMap<string, OutgoingMessage>> {
    const rows = await this.prisma.$queryRaw<Row[]>`
      SELECT message.id, message.type, message.text, message.content, message.media_id AS "mediaId",
        message.target_id AS "targetId",
        coalesce(message.expires_at <= now(), false) AS "isExpired",
        EXISTS (SELECT FROM opt_out WHERE opt_out.phone = message.recipient
          AND opt_out.session_id IN ('', message.session_id)) AS "isOptedOut",
        target.provider_message_id AS "targetProviderId", target.direction = 'OUTBOUND' AS "isTargetOurs",
        coalesce(target.group_id, CASE target.direction WHEN 'OUTBOUND' THEN target.recipient ELSE target.sender END)
          AS "targetChat"
      FROM message LEFT JOIN message AS target ON target.id = message.target_id
      WHERE message.id = ANY(${[...ids]}::text[])`;
    return new Map(rows.map((row) => [row.id, toOutgoing(row)]));
  }
}
