import type { Page } from '../../../kernel/page.js';
import type { OptOut } from '../domain/opt-out.js';

export class OptOutResponse {
  readonly id: string;
  readonly phone: string;
  /** null: from every session. */
  readonly sessionId: string | null;
  /** `stop-word` when the contact has written one. */
  readonly source: 'stop-word' | 'api' | 'meta';
  readonly reason: string | null;
  readonly createdAt: string;

  private constructor(optOut: OptOut) {
    this.id = optOut.id;
    this.phone = optOut.phone;
    this.sessionId = optOut.sessionId;
    this.source = optOut.source;
    this.reason = optOut.reason;
    this.createdAt = optOut.createdAt.toISOString();
  }

  static from(optOut: OptOut): OptOutResponse {
    return new OptOutResponse(optOut);
  }
}

export class OptOutPageResponse {
  readonly data: OptOutResponse[];
  /** Hand it back for the next page; null at the end. */
  readonly nextCursor: string | null;

  private constructor({ data, nextCursor }: Page<OptOut>) {
    this.data = data.map((optOut) => OptOutResponse.from(optOut));
    this.nextCursor = nextCursor;
  }

  static from(page: Page<OptOut>): OptOutPageResponse {
    return new OptOutPageResponse(page);
  }
}
