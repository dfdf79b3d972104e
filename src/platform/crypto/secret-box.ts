import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

import { EncryptionKeyMissingError } from './crypto.errors.js';
import type { EncryptionKey, KeyRing } from './key-ring.js';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const FORM = /^v1\.([0-9a-f]{8})\.([A-Za-z0-9_-]+)$/;

/** Which key has sealed this text; null when it is none that was sealed. */
export const keyIdOf = (sealed: string): string | null => FORM.exec(sealed)?.[1] ?? null;

/** What texts begin with that were sealed with this key. */
export const sealOf = (keyId: string): string => `v1.${keyId}.`;

/** The row that a sealed text stands in, by the values of its primary key: it opens in no other row. */
export type RowKey = readonly string[];

/** Seals text with AES-256-GCM, bound to its row; `v1.<key id>.<iv, tag and ciphertext>`. */
export class SecretBox {
  constructor(
    private readonly ring: KeyRing,
    private readonly purpose: string,
  ) {}

  seal(text: string, row: RowKey): string {
    const key = this.ring.current;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, key.for(this.purpose), iv).setAAD(Buffer.from(JSON.stringify(row)));
    const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return `${sealOf(key.id)}${Buffer.concat([iv, cipher.getAuthTag(), ciphertext]).toString('base64url')}`;
  }

  /** Null when it was sealed for another row or was changed since; throws when its key is not here. */
  open(sealed: string, row: RowKey): string | null {
    const [, keyId, payload] = FORM.exec(sealed) ?? [];
    if (keyId === undefined || payload === undefined) return null;
    const key = this.ring.find(keyId);
    if (key === undefined) throw new EncryptionKeyMissingError(keyId);
    return this.decipher(key, Buffer.from(payload, 'base64url'), row);
  }

  private decipher(key: EncryptionKey, bytes: Buffer, row: RowKey): string | null {
    if (bytes.length < IV_BYTES + TAG_BYTES) return null;
    const decipher = createDecipheriv(CIPHER, key.for(this.purpose), bytes.subarray(0, IV_BYTES))
      .setAAD(Buffer.from(JSON.stringify(row)))
      .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
    } catch {
      return null;
    }
  }
}
