import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../generated/prisma/client.js';
import { newId } from '../../kernel/ids.js';
import type { IncidentKind } from './domain/incident.js';

/** Troubles of sessions; at most one of a kind is open per session. */
@Injectable()
export class IncidentRepository {
  /** Opens one and answers its id; null when one of this kind is open already. */
  async open(sessionId: string, kind: IncidentKind, db: Prisma.TransactionClient): Promise<string | null> {
    const id = newId('inc');
    const opened = await db.$executeRaw`
      INSERT INTO incident (id, session_id, kind) VALUES (${id}, ${sessionId}, ${kind})
      ON CONFLICT (session_id, kind) WHERE closed_at IS NULL DO NOTHING`;
    return opened === 1 ? id : null;
  }

  async isAnyOpen(sessionId: string, kinds: readonly IncidentKind[], db: Prisma.TransactionClient): Promise<boolean> {
    const where = { sessionId, kind: { in: [...kinds] }, closedAt: null };
    return (await db.incident.findFirst({ where, select: { id: true } })) !== null;
  }

  async closeAll(sessionId: string, db: Prisma.TransactionClient): Promise<void> {
    await db.$executeRaw`UPDATE incident SET closed_at = now() WHERE session_id = ${sessionId} AND closed_at IS NULL`;
  }

  async removeOfSession(sessionId: string, db: Prisma.TransactionClient): Promise<void> {
    await db.incident.deleteMany({ where: { sessionId } });
  }
}
