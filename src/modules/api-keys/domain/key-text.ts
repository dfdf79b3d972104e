import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** `wp_live_<id>_<secret>_<crc>`: the form lets scanners find a leaked key, and a mistyped one is refused unread. */
const FORM = /^(wp_(?:live|test)_[0-9a-f]{12})_([0-9a-f]{64})_([0-9a-f]{8})$/;

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0');

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

export interface NewKeyText {
  /** Shown once. */
  readonly key: string;
  /** What it begins with; public. */
  readonly prefix: string;
  /** SHA-256 of the secret, hex: 256 random bits need no slow hash. */
  readonly hash: string;
}

export const makeKeyText = (isTest: boolean): NewKeyText => {
  const prefix = `wp_${isTest ? 'test' : 'live'}_${randomBytes(6).toString('hex')}`;
  const secret = randomBytes(32).toString('hex');
  const body = `${prefix}_${secret}`;
  return { key: `${body}_${checksum(body)}`, prefix, hash: hashOf(secret) };
};

export interface ReadKeyText {
  readonly prefix: string;
  readonly secret: string;
}

/** Null for what is no key of ours: nothing has to be looked up for it. */
export const readKeyText = (text: string): ReadKeyText | null => {
  const [, prefix, secret, crc] = FORM.exec(text) ?? [];
  if (prefix === undefined || secret === undefined) return null;
  return checksum(`${prefix}_${secret}`) === crc ? { prefix, secret } : null;
};

/** In constant time. */
export const isSecretOf = (secret: string, hash: string): boolean => {
  const given = Buffer.from(hashOf(secret), 'hex');
  const stored = Buffer.from(hash, 'hex');
  return given.length === stored.length && timingSafeEqual(given, stored);
};

export const isTestPrefix = (prefix: string): boolean => prefix.startsWith('wp_test_');
