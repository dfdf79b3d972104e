import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../generated/prisma/client.js';
import { newId } from '../../kernel/ids.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';
import type { Template } from './domain/template.js';

export interface TemplateFields {
  readonly name: string;
  readonly language: string;
  readonly body: string;
}

const SELECT = {
  ...{ id: true, name: true, language: true, body: true },
  ...{ sessionId: true, createdAt: true, updatedAt: true },
} as const;

type Row = Prisma.TemplateGetPayload<{ select: typeof SELECT }>;

const toTemplate = (row: Row): Template => ({ ...row, sessionId: row.sessionId === '' ? null : row.sessionId });

const inScope = (sessionIds: readonly string[] | undefined): Prisma.TemplateWhereInput =>
  sessionIds === undefined ? {} : { sessionId: { in: ['', ...sessionIds] } };

/** The templates. `sessionIds` is what the caller may see: undefined for every session. */
@Injectable()
export class TemplateRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** By name and language. */
  async find(
    sessionIds: readonly string[] | undefined,
    { sessionId, name }: { readonly sessionId?: string; readonly name?: string },
    { limit, after }: { readonly limit: number; readonly after: string | null },
  ): Promise<readonly Template[]> {
    const rows = await this.prisma.template.findMany({
      where: {
        AND: [inScope(sessionIds), sessionId === undefined ? {} : { sessionId }],
        ...(name !== undefined && { name }),
        ...(after !== null && { id: { gt: after } }),
      },
      select: SELECT,
      orderBy: { id: 'asc' },
      take: limit,
    });
    return rows.map(toTemplate);
  }

  async findById(sessionIds: readonly string[] | undefined, id: string): Promise<Template | null> {
    const row = await this.prisma.template.findFirst({ where: { id, ...inScope(sessionIds) }, select: SELECT });
    return row && toTemplate(row);
  }

  /** What this session may use under the name: its own before those of every session. */
  async findByName(sessionId: string, name: string): Promise<readonly Template[]> {
    const rows = await this.prisma.template.findMany({
      where: { name, sessionId: { in: ['', sessionId] } },
      select: SELECT,
      orderBy: [{ sessionId: 'desc' }, { language: 'asc' }],
    });
    return rows.map(toTemplate);
  }

  /** Null when there is one of this name and language. */
  async create(
    fields: TemplateFields & { readonly sessionId: string | null },
    db: Prisma.TransactionClient,
  ): Promise<Template | null> {
    const data = { ...fields, id: newId('tpl'), sessionId: fields.sessionId ?? '' };
    const [row] = await db.template.createManyAndReturn({ data: [data], skipDuplicates: true, select: SELECT });
    return row ? toTemplate(row) : null;
  }

  /** Whether another one of the same session has this name and language. */
  async isTaken(
    { id, sessionId }: Template,
    { name, language }: TemplateFields,
    db: Prisma.TransactionClient,
  ): Promise<boolean> {
    const where = { name, language, sessionId: sessionId ?? '', id: { not: id } };
    return (await db.template.count({ where })) > 0;
  }

  async replace(id: string, fields: TemplateFields, db: Prisma.TransactionClient): Promise<Template> {
    const { name, language, body } = fields;
    const data = { name, language, body, updatedAt: new Date() };
    return toTemplate(await db.template.update({ where: { id }, data, select: SELECT }));
  }

  async removeOfSession(sessionId: string): Promise<void> {
    await this.prisma.template.deleteMany({ where: { sessionId } });
  }

  async remove(id: string, db: Prisma.TransactionClient): Promise<boolean> {
    const { count } = await db.template.deleteMany({ where: { id } });
    return count === 1;
  }
}
