import { hkdfSync } from 'node:crypto';
import { join } from 'node:path';

import { readKeyFiles } from './key-files.js';
import { EncryptionKey, KeyRing } from './key-ring.js';
import { loadOrCreateSecret } from './secret-file.js';

const KEY_BYTES = 32;

/** Where secrets come from when the environment does not give them. */
export interface SecretSource {
  readonly jwtSecret: string | undefined;
  readonly encryptionKey: string | undefined;
  readonly oldEncryptionKeys: readonly string[];
  readonly dataDir: string;
}

export const secretsDirectory = (dataDir: string): string => join(dataDir, 'secrets');

/** The keys as they stand now; undefined when the environment gives none and no file has the current one. */
export const readKeyRing = async (source: SecretSource): Promise<KeyRing | undefined> => {
  const given = source.oldEncryptionKeys.map((text) => new EncryptionKey(text, 'ENCRYPTION_KEYS_OLD'));
  const files = await readKeyFiles(secretsDirectory(source.dataDir));
  if (source.encryptionKey === undefined) {
    return files.current && new KeyRing(files.current, [...given, ...files.old]);
  }
  // What this installation has sealed before it was given a key stays readable.
  const replaced = [...files.old, ...(files.current ? [files.current] : [])];
  return new KeyRing(new EncryptionKey(source.encryptionKey, 'ENCRYPTION_KEY'), [...replaced, ...given]);
};

/** The secrets of this installation: what signs access tokens, and what encrypts stored secrets. */
export class Secrets {
  constructor(
    readonly jwtSecret: string,
    readonly keys: KeyRing,
  ) {}

  static async load(source: SecretSource): Promise<Secrets> {
    const directory = secretsDirectory(source.dataDir);
    const jwtSecret = source.jwtSecret ?? (await loadOrCreateSecret(directory, 'jwt-secret'));
    if (source.encryptionKey === undefined) await loadOrCreateSecret(directory, 'encryption-key');
    const keys = await readKeyRing(source);
    if (keys === undefined) throw new Error(`The encryption key in ${directory} vanished after it was read.`);
    return new Secrets(jwtSecret, keys);
  }

  /** A key of its own for each purpose, so that what one of them signs means nothing to another. */
  signingKey(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.jwtSecret, '', `waypost/sign/${purpose}`, KEY_BYTES));
  }
}
