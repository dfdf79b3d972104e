import { Injectable } from '@nestjs/common';

import { EncryptionKeyMissingError } from '../../platform/crypto/crypto.errors.js';
import { type SealedColumn, SealedColumns } from '../../platform/crypto/sealed-columns.js';
import type { SecretBox } from '../../platform/crypto/secret-box.js';
import { proxyAddress } from './domain/proxy.js';
import type { Session } from './domain/session.js';

const PROXY: SealedColumn = { table: 'session', column: 'proxy', key: ['id'], type: 'text' };
/** What somebody sees of a proxy that cannot be opened. */
const UNREADABLE = 'unreadable';

/** The proxies of the sessions: with their credentials they are secrets, and are stored sealed. */
@Injectable()
export class SessionProxies {
  private readonly box: SecretBox;

  constructor(columns: SealedColumns) {
    this.box = columns.box(PROXY);
  }

  seal(sessionId: string, proxy: string): string {
    return this.box.seal(proxy, [sessionId]);
  }

  /** The URL with its credentials; null for none, or when no key of this server opens it. */
  open({ id, sealedProxy }: Pick<Session, 'id' | 'sealedProxy'>): string | null {
    if (sealedProxy === null) return null;
    try {
      return this.box.open(sealedProxy, [id]);
    } catch (error) {
      if (error instanceof EncryptionKeyMissingError) return null;
      throw error;
    }
  }

  /** Without credentials. */
  addressOf(session: Pick<Session, 'id' | 'sealedProxy'>): string | null {
    const proxy = this.open(session);
    if (proxy !== null) return proxyAddress(proxy);
    return session.sealedProxy === null ? null : UNREADABLE;
  }
}
