import type { Page } from '../../../kernel/page.js';
import type { ApiKey } from '../domain/api-key.js';

const timeOf = (time: Date | null): string | null => time?.toISOString() ?? null;

export class ApiKeyResponse {
  readonly id: string;
  readonly name: string;
  /** What the key begins with. */
  readonly prefix: string;
  readonly makerId: string;
  readonly scopes: string[];
  /** null: every session that its maker sees. */
  readonly sessionIds: string[] | null;
  readonly addresses: string[];
  readonly dailyQuota: number | null;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  /** Within half a minute. */
  readonly lastUsedAt: string | null;
  readonly createdAt: string;

  protected constructor(key: ApiKey) {
    this.id = key.id;
    this.name = key.name;
    this.prefix = key.prefix;
    this.makerId = key.makerId;
    this.scopes = [...key.scopes];
    this.sessionIds = key.sessionIds && [...key.sessionIds];
    this.addresses = [...key.addresses];
    this.dailyQuota = key.dailyQuota;
    this.expiresAt = timeOf(key.expiresAt);
    this.revokedAt = timeOf(key.revokedAt);
    this.lastUsedAt = timeOf(key.lastUsedAt);
    this.createdAt = key.createdAt.toISOString();
  }

  static from(key: ApiKey): ApiKeyResponse {
    return new ApiKeyResponse(key);
  }
}

export class CreatedApiKeyResponse extends ApiKeyResponse {
  /** Shown this once. */
  readonly key: string;

  private constructor(apiKey: ApiKey, key: string) {
    super(apiKey);
    this.key = key;
  }

  static fromCreated({ apiKey, key }: { readonly apiKey: ApiKey; readonly key: string }): CreatedApiKeyResponse {
    return new CreatedApiKeyResponse(apiKey, key);
  }
}

export class ApiKeyPageResponse {
  readonly data: ApiKeyResponse[];
  /** Hand it back for the next page; null at the end. */
  readonly nextCursor: string | null;

  private constructor({ data, nextCursor }: Page<ApiKey>) {
    this.data = data.map((key) => ApiKeyResponse.from(key));
    this.nextCursor = nextCursor;
  }

  static from(page: Page<ApiKey>): ApiKeyPageResponse {
    return new ApiKeyPageResponse(page);
  }
}
