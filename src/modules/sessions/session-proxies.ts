import { Injectable } from '@nestjs/common';

import { SecretBox } from '../../platform/crypto/secret-box.js';
import { Secrets } from '../../platform/crypto/secrets.js';
import { proxyAddress } from './domain/proxy.js';
import type { Session } from './domain/session.js';

/** What somebody sees of a proxy that was sealed with another key. */
const UNREADABLE = 'unreadable';

/** The proxies of the sessions: with their credentials they are secrets, and are stored sealed. */
@Injectable()
export class SessionProxies {
  private readonly box: SecretBox;

  constructor(secrets: Secrets) {
    this.box = new SecretBox(secrets.sealingKey('session-proxy'));
  }

  seal(sessionId: string, proxy: string): string {
    return this.box.seal(proxy, sessionId);
  }

  /** The URL with its credentials; null for none, or when it cannot be read with today's key. */
  open({ id, sealedProxy }: Pick<Session, 'id' | 'sealedProxy'>): string | null {
    return sealedProxy === null ? null : this.box.open(sealedProxy, id);
  }

  /** Without credentials. */
  addressOf(session: Pick<Session, 'id' | 'sealedProxy'>): string | null {
    const proxy = this.open(session);
    if (proxy !== null) return proxyAddress(proxy);
    return session.sealedProxy === null ? null : UNREADABLE;
  }
}
