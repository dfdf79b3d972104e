import { Injectable } from '@nestjs/common';

import { decodeCursor, type Page, toPage } from '../../kernel/page.js';
import { InvalidRequestError } from '../../platform/http/http.errors.js';
import { Transactions } from '../../platform/prisma/transactions.js';
import { canSee, type Permission, type Principal } from '../access/index.js';
import { AuditTrail } from '../audit/index.js';
import { ApiKeyNotFoundError, ApiKeyTooWideError } from './api-key.errors.js';
import { ApiKeyRepository } from './api-key.repository.js';
import type { ApiKey } from './domain/api-key.js';
import { makeKeyText } from './domain/key-text.js';
import { KeyPrincipals } from './key-principals.js';

export interface ApiKeyWish {
  readonly name: string;
  readonly scopes: readonly Permission[];
  readonly sessionIds: readonly string[] | null;
  readonly addresses: readonly string[];
  readonly dailyQuota: number | null;
  readonly expiresAt: Date | null;
}

/** Programs' ways in: made, listed, revoked. */
@Injectable()
export class ApiKeys {
  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly principals: KeyPrincipals,
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
  ) {}

  async list(
    prefix: string | undefined,
    { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
  ): Promise<Page<ApiKey>> {
    const filters = { prefix: prefix ?? null };
    const before = cursor === undefined ? null : decodeCursor(cursor, filters);
    if (cursor !== undefined && before === null) {
      throw new InvalidRequestError([{ pointer: '?cursor', detail: 'cursor must be one that this list gave out' }]);
    }
    return toPage(await this.keys.find(prefix, { limit: limit + 1, before }), limit, filters, ({ id }) => id);
  }

  async get(id: string): Promise<ApiKey> {
    const key = await this.keys.findById(id);
    if (key === null) throw new ApiKeyNotFoundError(id);
    return key;
  }

  /** The key itself is in the answer and nowhere else. */
  async create(wish: ApiKeyWish, principal: Principal): Promise<{ readonly apiKey: ApiKey; readonly key: string }> {
    if (wish.expiresAt !== null && wish.expiresAt.getTime() <= Date.now()) {
      throw new InvalidRequestError([{ pointer: '#/expiresAt', detail: 'expiresAt must be in the future' }]);
    }
    this.requireNarrow(wish, principal);
    const { key, prefix, hash } = makeKeyText(await this.isForTests(wish));
    const apiKey = await this.transactions.run(async (tx) => {
      const made = await this.keys.create({ ...wish, prefix, hash, makerId: principal.id }, tx.db);
      const { scopes, sessionIds } = wish;
      await this.audit.record(tx, {
        action: 'api-keys.create',
        target: made.id,
        detail: { prefix, scopes, sessionIds },
      });
      return made;
    });
    return { apiKey, key };
  }

  /** Here at once, in other processes within seconds. */
  async revoke(id: string): Promise<void> {
    const { prefix } = await this.get(id);
    await this.transactions.run(async (tx) => {
      if (!(await this.keys.revoke(id, tx.db))) throw new ApiKeyNotFoundError(id);
      await this.audit.record(tx, { action: 'api-keys.revoke', target: id, detail: { prefix } });
      tx.afterCommit(() => {
        this.principals.forget(prefix);
      });
    });
  }

  private requireNarrow({ scopes, sessionIds }: ApiKeyWish, principal: Principal): void {
    // Else a key that leaks would outlive its revocation in the keys that it has made.
    if (principal.kind !== 'user') throw new ApiKeyTooWideError('Keys are made by people.');
    const missing = scopes.filter((scope) => !principal.permissions.has(scope));
    if (missing.length > 0) throw new ApiKeyTooWideError('You lack some of its scopes yourself.', { missing });
    if (sessionIds !== null && !sessionIds.every((id) => canSee(principal, id))) {
      throw new ApiKeyTooWideError('You do not see all of its sessions.');
    }
  }

  /** A key of sandboxes alone says so. */
  private async isForTests({ sessionIds }: ApiKeyWish): Promise<boolean> {
    if (sessionIds === null || sessionIds.length === 0) return false;
    const engines = await this.keys.findEngines(sessionIds);
    return sessionIds.every((id) => engines.get(id) === 'sandbox');
  }
}
