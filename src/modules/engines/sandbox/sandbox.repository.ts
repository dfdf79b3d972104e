import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../../generated/prisma/client.js';
import { PrismaService } from '../../../platform/prisma/prisma.service.js';
import type { WrittenMessage } from './sandbox-inbox.js';

/** What the pretend WhatsApp keeps of one message. */
export interface Arrival {
  readonly sessionId: string;
  readonly messageId: string;
  readonly providerMessageId: string;
  readonly recipient: string;
  readonly type: string;
  readonly text: string | null;
  /** What the type has beside its text; of a message that was edited, revoked or reacted to, that as well. */
  readonly content: object | null;
  /** With an act: what it makes of the message that it is about. */
  readonly act?: { readonly target: string; readonly result: object };
}

export interface StoredArrival extends Omit<Arrival, 'act'> {
  readonly id: bigint;
  readonly ack: number;
  readonly at: Date;
}

interface ArrivalRow {
  readonly id: bigint;
  readonly session_id: string;
  readonly message_id: string;
  readonly provider_message_id: string;
  readonly recipient: string;
  readonly type: string;
  readonly text: string | null;
  readonly content: object | null;
  readonly ack: number;
  readonly at: Date;
}

const toArrival = (row: ArrivalRow): StoredArrival => ({
  id: row.id,
  sessionId: row.session_id,
  messageId: row.message_id,
  providerMessageId: row.provider_message_id,
  recipient: row.recipient,
  type: row.type,
  text: row.text,
  content: row.content,
  ack: row.ack,
  at: row.at,
});

/** What the pretend WhatsApp keeps: linked phones, and every message that has reached it. */
@Injectable()
export class SandboxRepository {
  constructor(private readonly prisma: PrismaService) {}

  async findPhone(sessionId: string): Promise<string | null> {
    const link = await this.prisma.sandboxLink.findUnique({ where: { sessionId }, select: { phone: true } });
    return link?.phone ?? null;
  }

  async link(sessionId: string, phone: string): Promise<void> {
    await this.prisma.sandboxLink.upsert({
      where: { sessionId },
      create: { sessionId, phone },
      update: { phone, linkedAt: new Date() },
      select: { sessionId: true },
    });
  }

  /** The link and everything that has arrived. */
  async forget(sessionId: string): Promise<void> {
    await this.unlink(sessionId);
    await this.prisma.sandboxArrival.deleteMany({ where: { sessionId } });
    await this.prisma.sandboxPending.deleteMany({ where: { sessionId } });
  }

  async unlink(sessionId: string): Promise<void> {
    await this.prisma.sandboxLink.deleteMany({ where: { sessionId } });
  }

  async addPending(sessionId: string, message: WrittenMessage): Promise<void> {
    await this.prisma.sandboxPending.create({
      data: { sessionId, message: message as unknown as Prisma.InputJsonObject },
    });
  }

  /** Oldest first. */
  async findPending(
    sessionId: string,
    limit: number,
  ): Promise<readonly { readonly id: bigint; readonly message: WrittenMessage }[]> {
    const rows = await this.prisma.sandboxPending.findMany({
      where: { sessionId },
      orderBy: { id: 'asc' },
      take: limit,
    });
    return rows.map(({ id, message }) => ({ id, message: message as unknown as WrittenMessage }));
  }

  async removePending(id: bigint): Promise<void> {
    await this.prisma.sandboxPending.deleteMany({ where: { id } });
  }

  /** One row an arrival, never deduplicated: a message that is sent twice is seen twice. */
  async arrive(arrivals: readonly Arrival[]): Promise<void> {
    const rows = JSON.stringify(arrivals);
    const insert = this.prisma.$executeRaw`
      INSERT INTO sandbox_arrival (session_id, message_id, provider_message_id, recipient, type, text, content)
      SELECT a->>'sessionId', a->>'messageId', a->>'providerMessageId', a->>'recipient', a->>'type', a->>'text',
        nullif(a->'content', 'null')
      FROM jsonb_array_elements(${rows}::jsonb) AS list(a)`;
    const acts = arrivals.flatMap(({ sessionId, act }) => (act ? [this.applyAct(sessionId, act)] : []));
    if (acts.length === 0) await insert;
    else await this.prisma.$transaction([insert, ...acts]);
  }

  private applyAct(sessionId: string, { target, result }: NonNullable<Arrival['act']>): Prisma.PrismaPromise<number> {
    return this.prisma.$executeRaw`
      UPDATE sandbox_arrival SET content = coalesce(content, '{}') || ${JSON.stringify(result)}::jsonb
      WHERE session_id = ${sessionId} AND provider_message_id = ${target}`;
  }

  /** Remembers how far each was acknowledged, so that a restart goes on where it stopped. */
  async acknowledge(sessionId: string, acks: ReadonlyMap<string, number>): Promise<void> {
    await this.prisma.$executeRaw`
      UPDATE sandbox_arrival SET ack = done.ack
      FROM unnest(${[...acks.keys()]}::text[], ${[...acks.values()]}::int[]) AS done(id, ack)
      WHERE session_id = ${sessionId} AND provider_message_id = done.id AND sandbox_arrival.ack < done.ack`;
  }

  /** It is acknowledged no further. */
  async fail(sessionId: string, providerMessageId: string, ack: number): Promise<void> {
    await this.prisma.$executeRaw`
      UPDATE sandbox_arrival SET ack = ${ack}
      WHERE session_id = ${sessionId} AND provider_message_id = ${providerMessageId}`;
  }

  /** The newest arrivals, newest first. */
  async findArrivals(sessionId: string, limit: number): Promise<readonly StoredArrival[]> {
    const rows = await this.prisma.$queryRaw<ArrivalRow[]>`
      SELECT * FROM sandbox_arrival WHERE session_id = ${sessionId} ORDER BY id DESC LIMIT ${limit}`;
    return rows.map(toArrival);
  }

  async findByMessage(sessionId: string, messageId: string): Promise<StoredArrival | null> {
    const [row] = await this.prisma.$queryRaw<ArrivalRow[]>`
      SELECT * FROM sandbox_arrival WHERE session_id = ${sessionId} AND message_id = ${messageId}
      ORDER BY id DESC LIMIT 1`;
    return row ? toArrival(row) : null;
  }

  async findByProviderId(sessionId: string, providerMessageId: string): Promise<StoredArrival | null> {
    const [row] = await this.prisma.$queryRaw<ArrivalRow[]>`
      SELECT * FROM sandbox_arrival WHERE session_id = ${sessionId} AND provider_message_id = ${providerMessageId}
      LIMIT 1`;
    return row ? toArrival(row) : null;
  }

  /** Arrivals after a place that are not acknowledged to the end, oldest first. */
  async findUnacknowledged(sessionId: string, afterId: bigint, limit: number): Promise<readonly StoredArrival[]> {
    const rows = await this.prisma.$queryRaw<ArrivalRow[]>`
      SELECT * FROM sandbox_arrival WHERE session_id = ${sessionId} AND ack BETWEEN 0 AND 2 AND id > ${afterId}
      ORDER BY id LIMIT ${limit}`;
    return rows.map(toArrival);
  }
}
