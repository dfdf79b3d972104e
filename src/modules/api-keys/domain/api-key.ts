/** Names of permissions and roles are those of the feature `access`; here they are only carried. */
type Name = string;

/** What is known of a key; never the key. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly makerId: string;
  readonly scopes: readonly Name[];
  /** Null: every session that its maker sees. */
  readonly sessionIds: readonly string[] | null;
  /** Addresses and networks from which it may be used; empty: from anywhere. */
  readonly addresses: readonly string[];
  readonly dailyQuota: number | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly createdAt: Date;
}

/** A key as it is proved: with its hash, and with what its maker may do now. */
export interface KeyState {
  readonly key: ApiKey;
  readonly hash: string;
  /** Null when the maker is gone or may not sign in. */
  readonly maker: { readonly role: Name; readonly sessionIds: readonly string[] } | null;
  /** Those of its sessions that are sandboxes. */
  readonly sandboxIds: readonly string[];
}
