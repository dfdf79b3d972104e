import { Injectable } from '@nestjs/common';

import { Cache } from '../../platform/cache/cache.service.js';
import { DEFAULT_SESSION_ID } from './domain/session.js';

/** WhatsApp renews its reference after 60 s at the latest; an older code links nothing. */
export const QR_TTL_MS = 60_000;

export interface QrCode {
  readonly text: string;
  readonly generatedAt: string;
  readonly expiresAt: string;
}

/** Key of a session's entry; the namespace `cache:` is added by the cache. */
export const sessionCacheKey = (sessionId: string, entry: 'qr' | 'status'): string =>
  sessionId === DEFAULT_SESSION_ID ? `whatsapp:${entry}` : `whatsapp:${sessionId}:${entry}`;

/** The newest code of each session, for at most a minute. A code is a credential: it lives here and nowhere else. */
@Injectable()
export class QrCodes {
  constructor(private readonly cache: Cache) {}

  async put(sessionId: string, text: string): Promise<QrCode> {
    const now = Date.now();
    const code: QrCode = {
      text,
      generatedAt: new Date(now).toISOString(),
      expiresAt: new Date(now + QR_TTL_MS).toISOString(),
    };
    await this.cache.set(sessionCacheKey(sessionId, 'qr'), code, QR_TTL_MS);
    return code;
  }

  async get(sessionId: string): Promise<QrCode | null> {
    const code = await this.cache.get<QrCode>(sessionCacheKey(sessionId, 'qr'));
    return code && Date.parse(code.expiresAt) > Date.now() ? code : null;
  }

  async remove(sessionId: string): Promise<void> {
    await this.cache.delete(sessionCacheKey(sessionId, 'qr'));
  }
}
