import type { Permission } from './permission.js';

/** Which sessions a principal may see. An absent grant is no grant. */
export type SessionScope = { readonly kind: 'all' } | { readonly kind: 'some'; readonly ids: ReadonlySet<string> };

/** Who asks. */
export interface Principal {
  readonly kind: 'user' | 'api-key' | 'system';
  readonly id: string;
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly scope: SessionScope;
  /** The sign-in that the access token belongs to. */
  readonly loginSessionId?: string;
  /** Of a key: messages that it may send a day; null for no limit of its own. */
  readonly dailyQuota?: number | null;
}

export const canSee = ({ scope }: Principal, sessionId: string): boolean =>
  scope.kind === 'all' || scope.ids.has(sessionId);

/** What repositories take as their required scope: undefined for every session, else the list. */
export const visibleSessions = ({ scope }: Principal): readonly string[] | undefined =>
  scope.kind === 'all' ? undefined : [...scope.ids];

/** What the process does by itself: start sessions, send what is due, clean up. */
export const systemPrincipal = (name: string, permissions: readonly Permission[] = []): Principal => ({
  kind: 'system',
  id: 'system',
  name,
  permissions: new Set(permissions),
  scope: { kind: 'all' },
});
