import { Injectable, type OnModuleInit } from '@nestjs/common';

import { currentRequest } from '../../platform/http/request-context.js';
import {
  AccessRegistry,
  type Permission,
  permissionsOf,
  type Principal,
  type PrincipalResolver,
  type Role,
  ROLE_NAMES,
} from '../access/index.js';
import { ApiKeyRepository } from './api-key.repository.js';
import type { KeyState } from './domain/api-key.js';
import { isWithin } from './domain/address-list.js';
import { isSecretOf, isTestPrefix, readKeyText } from './domain/key-text.js';
import { KeyUses } from './key-uses.js';

/** Other processes learn of a revocation within this time; this one at once. */
const FRESH_MS = 2000;
const MAX_REMEMBERED = 10_000;

interface Entry {
  readonly since: number;
  readonly found: Promise<KeyState | null>;
}

const isRole = (name: string): name is Role => (ROLE_NAMES as readonly string[]).includes(name);

const sessionsOf = ({ key, maker, sandboxIds }: KeyState): Principal['scope'] => {
  const ofMaker: Principal['scope'] =
    maker?.role === 'ADMIN' ? { kind: 'all' } : { kind: 'some', ids: new Set(maker?.sessionIds) };
  if (key.sessionIds === null) return ofMaker;
  const own = isTestPrefix(key.prefix) ? sandboxIds : key.sessionIds;
  return { kind: 'some', ids: new Set(own.filter((id) => ofMaker.kind === 'all' || ofMaker.ids.has(id))) };
};

/** Proves programs by their keys: a key can do what it was made for, as far as its maker still can. */
@Injectable()
export class KeyPrincipals implements PrincipalResolver, OnModuleInit {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly registry: AccessRegistry,
    private readonly keys: ApiKeyRepository,
    private readonly uses: KeyUses,
  ) {}

  onModuleInit(): void {
    this.registry.addResolver(this);
  }

  async resolve(credentials: string): Promise<Principal | null> {
    const given = readKeyText(credentials);
    if (given === null) return null;
    const state = await this.find(given.prefix);
    if (state === null || !isSecretOf(given.secret, state.hash) || !this.isGood(state)) return null;
    this.uses.note(state.key.id);
    return this.toPrincipal(state);
  }

  /** The next use reads it anew. */
  forget(prefix: string): void {
    this.entries.delete(prefix);
  }

  private isGood({ key, maker }: KeyState): boolean {
    if (maker === null || key.revokedAt !== null) return false;
    if (key.expiresAt !== null && key.expiresAt.getTime() <= Date.now()) return false;
    return key.addresses.length === 0 || isWithin(currentRequest()?.ip ?? '', key.addresses);
  }

  private toPrincipal(state: KeyState): Principal {
    const { key, maker } = state;
    const held = maker !== null && isRole(maker.role) ? permissionsOf(maker.role) : new Set<Permission>();
    const permissions = new Set([...held].filter((permission) => key.scopes.includes(permission)));
    const { id, name, dailyQuota } = key;
    return { kind: 'api-key', id, name, permissions, scope: sessionsOf(state), dailyQuota };
  }

  private find(prefix: string): Promise<KeyState | null> {
    const known = this.entries.get(prefix);
    if (known && performance.now() - known.since < FRESH_MS) return known.found;
    const entry: Entry = { since: performance.now(), found: this.keys.findState(prefix) };
    this.entries.delete(prefix);
    const [oldest] = this.entries.keys();
    if (this.entries.size >= MAX_REMEMBERED && oldest !== undefined) this.entries.delete(oldest);
    this.entries.set(prefix, entry);
    entry.found.then(
      // Prefixes that somebody makes up must not drive out those that are used.
      (state) => {
        if (state === null) this.drop(prefix, entry);
      },
      () => {
        this.drop(prefix, entry);
      },
    );
    return entry.found;
  }

  private drop(prefix: string, entry: Entry): void {
    if (this.entries.get(prefix) === entry) this.entries.delete(prefix);
  }
}
