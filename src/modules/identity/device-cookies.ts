import { createHmac, randomBytes } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { Secrets } from '../../platform/crypto/secrets.js';
import { isSameHash } from './domain/one-time-token.js';

const NONCE_BYTES = 16;
const FORM = /^([A-Za-z0-9_-]{22})\.([0-9a-f]{64})$/;

/**
 * Marks a browser from which this person has signed in before. It signs nobody in: it only has a count of wrong
 * passwords of its own, so that strangers who guess at an account do not lock its owner out (OWASP: device cookies).
 */
@Injectable()
export class DeviceCookies {
  private readonly key: Buffer;

  constructor(secrets: Secrets) {
    this.key = secrets.signingKey('device-cookie');
  }

  issue(email: string): string {
    const nonce = randomBytes(NONCE_BYTES).toString('base64url');
    return `${nonce}.${this.sign(nonce, email)}`;
  }

  /** What identifies the device, or null when it is not known for this person. */
  read(cookie: string | undefined, email: string): string | null {
    const [, nonce, signature] = FORM.exec(cookie ?? '') ?? [];
    if (nonce === undefined || signature === undefined) return null;
    return isSameHash(this.sign(nonce, email), signature) ? nonce : null;
  }

  private sign(nonce: string, email: string): string {
    return createHmac('sha256', this.key).update(`${nonce}\n${email}`).digest('hex');
  }
}
