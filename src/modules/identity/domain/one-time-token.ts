import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const TOKEN_BYTES = 32;

/** A secret that is handed out once; only its hash is kept. */
export interface OneTimeToken {
  readonly token: string;
  readonly hash: string;
}

/** SHA-256, hex: enough for 256 random bits, which cannot be guessed. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

export const newToken = (prefix: string): OneTimeToken => {
  const token = `${prefix}_${randomBytes(TOKEN_BYTES).toString('base64url')}`;
  return { token, hash: hashToken(token) };
};

export const isSameHash = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

const PASSWORD_BYTES = 15;

/** A password for somebody who did not bring one: 120 random bits in 20 characters. */
export const newPassword = (): string => randomBytes(PASSWORD_BYTES).toString('base64url');
