import { hkdfSync } from 'node:crypto';
import { join } from 'node:path';

import { loadOrCreateSecret } from './secret-file.js';

const KEY_BYTES = 32;

/** Where secrets come from when the environment does not give them. */
export interface SecretSource {
  readonly jwtSecret: string | undefined;
  readonly encryptionKey: string | undefined;
  readonly dataDir: string;
}

/** The secrets of this installation: what signs access tokens, and what encrypts stored secrets. */
export class Secrets {
  constructor(
    readonly jwtSecret: string,
    private readonly encryptionKey: string,
  ) {}

  static async load({ jwtSecret, encryptionKey, dataDir }: SecretSource): Promise<Secrets> {
    const directory = join(dataDir, 'secrets');
    return new Secrets(
      jwtSecret ?? (await loadOrCreateSecret(directory, 'jwt-secret')),
      encryptionKey ?? (await loadOrCreateSecret(directory, 'encryption-key')),
    );
  }

  /** A key of its own for each purpose, so that what one of them signs or seals means nothing to another. */
  signingKey(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.jwtSecret, '', `waypost/sign/${purpose}`, KEY_BYTES));
  }

  sealingKey(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.encryptionKey, '', `waypost/seal/${purpose}`, KEY_BYTES));
  }
}
