import { Injectable, type OnModuleInit } from '@nestjs/common';

import { decodeCursor, type Page, toPage } from '../../kernel/page.js';
import { InvalidRequestError } from '../../platform/http/http.errors.js';
import { type Transaction, Transactions } from '../../platform/prisma/transactions.js';
import { PermissionDeniedError, type Principal, visibleSessions } from '../access/index.js';
import { AuditTrail } from '../audit/index.js';
import { SessionDirectory, SessionRemovals } from '../sessions/index.js';
import type { Template } from './domain/template.js';
import { fillPlaces, findVariableTroubles } from './domain/places.js';
import {
  TemplateExistsError,
  TemplateNotFoundError,
  TemplateTextError,
  TemplateVariablesError,
} from './template.errors.js';
import { type TemplateFields, TemplateRepository } from './template.repository.js';

/** What WhatsApp takes in one text. */
const MAX_TEXT_LENGTH = 4096;

/** A template by its id, or by its name and language. */
export interface TemplateUse {
  readonly id?: string;
  readonly name?: string;
  readonly language?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

export interface TemplateFilters {
  readonly sessionId?: string;
  readonly name?: string;
}

/** Local templates: of one session for whoever sees it, of every session for whoever sees them all. */
@Injectable()
export class Templates implements OnModuleInit {
  constructor(
    private readonly templates: TemplateRepository,
    private readonly sessions: SessionDirectory,
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
    private readonly removals: SessionRemovals,
  ) {}

  onModuleInit(): void {
    this.removals.add((sessionId) => this.templates.removeOfSession(sessionId));
  }

  async list(
    principal: Principal,
    filters: TemplateFilters,
    { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
  ): Promise<Page<Template>> {
    const after = cursor === undefined ? null : decodeCursor(cursor, filters);
    if (cursor !== undefined && after === null) {
      throw new InvalidRequestError([{ pointer: '?cursor', detail: 'cursor must be one that this list gave out' }]);
    }
    const rows = await this.templates.find(visibleSessions(principal), filters, { limit: limit + 1, after });
    return toPage(rows, limit, filters, ({ id }) => id);
  }

  async get(principal: Principal, id: string): Promise<Template> {
    const template = await this.templates.findById(visibleSessions(principal), id);
    if (template === null) throw new TemplateNotFoundError(id);
    return template;
  }

  async create(
    principal: Principal,
    fields: TemplateFields & { readonly sessionId: string | null },
  ): Promise<Template> {
    await this.requireScope(principal, fields.sessionId);
    return this.transactions.run(async (tx) => {
      const template = await this.templates.create(fields, tx.db);
      if (template === null) throw new TemplateExistsError(fields.name, fields.language);
      await this.write(tx, 'templates.create', template);
      return template;
    });
  }

  async replace(principal: Principal, id: string, fields: TemplateFields): Promise<Template> {
    const known = await this.get(principal, id);
    await this.requireScope(principal, known.sessionId);
    return this.transactions.run(async (tx) => {
      if (await this.templates.isTaken(known, fields, tx.db)) {
        throw new TemplateExistsError(fields.name, fields.language);
      }
      const template = await this.templates.replace(id, fields, tx.db);
      await this.write(tx, 'templates.replace', template);
      return template;
    });
  }

  async remove(principal: Principal, id: string): Promise<void> {
    const template = await this.get(principal, id);
    await this.requireScope(principal, template.sessionId);
    await this.transactions.run(async (tx) => {
      if (!(await this.templates.remove(id, tx.db))) throw new TemplateNotFoundError(id);
      await this.write(tx, 'templates.delete', template);
    });
  }

  /** The text of a template of this session; throws when a variable is missing or too many. */
  async render(use: TemplateUse, of: { readonly principal: Principal; readonly sessionId: string }): Promise<string> {
    return this.fill(await this.find(use, of), use.variables ?? {});
  }

  /** The template that is meant: of a language that it does not have, none is guessed. */
  async find(
    { id, name, language }: TemplateUse,
    { principal, sessionId }: { readonly principal: Principal; readonly sessionId: string },
  ): Promise<Template> {
    if ((id === undefined) === (name === undefined)) {
      throw new InvalidRequestError([{ pointer: '#/template', detail: 'either the id or the name is needed' }]);
    }
    if (id !== undefined) {
      const template = await this.get(principal, id);
      if (template.sessionId !== null && template.sessionId !== sessionId) throw new TemplateNotFoundError(id);
      return template;
    }
    const named = await this.templates.findByName(sessionId, name ?? '');
    const fitting = language === undefined ? named : named.filter((template) => template.language === language);
    const languages = new Set(fitting.map((template) => template.language));
    if (languages.size > 1) {
      const detail = `name a language: there is ${[...languages].join(', ')}`;
      throw new InvalidRequestError([{ pointer: '#/template/language', detail }]);
    }
    const [template] = fitting;
    if (template === undefined) throw new TemplateNotFoundError(name ?? '');
    return template;
  }

  fill({ body }: Pick<Template, 'body'>, variables: Readonly<Record<string, string>>): string {
    const troubles = findVariableTroubles(body, variables);
    if (troubles !== null) throw new TemplateVariablesError(troubles);
    const text = fillPlaces(body, variables);
    if (text === '' || Array.from(text).length > MAX_TEXT_LENGTH) throw new TemplateTextError(MAX_TEXT_LENGTH);
    return text;
  }

  private async requireScope(principal: Principal, sessionId: string | null): Promise<void> {
    if (sessionId !== null) {
      await this.sessions.require(sessionId, principal);
      return;
    }
    if (principal.scope.kind !== 'all') {
      throw new PermissionDeniedError('A template of every session is for those who see every session: name one.');
    }
  }

  private async write(tx: Transaction, action: string, { id, name, language, sessionId }: Template): Promise<void> {
    await this.audit.record(tx, { action, target: id, detail: { name, language, sessionId } });
  }
}
