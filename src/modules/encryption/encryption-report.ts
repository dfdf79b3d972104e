import { Injectable } from '@nestjs/common';

import { nameOf, SealedColumns } from '../../platform/crypto/sealed-columns.js';
import { Secrets } from '../../platform/crypto/secrets.js';
import { EncryptionKeysRepository, type KnownKey } from './encryption-keys.repository.js';
import { SealedRowsRepository } from './sealed-rows.repository.js';

export const KEY_STATES = ['current', 'old', 'missing', 'unsealed'] as const;
/** What a key is to this process: `missing` has sealed something and is not here, `unsealed` is no key at all. */
export type KeyState = (typeof KEY_STATES)[number];

export interface KeyUse {
  readonly column: string;
  readonly keyId: string | null;
  readonly state: KeyState;
  readonly rows: number;
}

export interface HeldKey {
  readonly id: string;
  readonly origin: string;
  readonly isCurrent: boolean;
  /** Undefined when it has never sealed here. */
  readonly history: KnownKey | undefined;
}

/** Tells how many stored secrets are sealed with which key. */
@Injectable()
export class EncryptionReport {
  constructor(
    private readonly secrets: Secrets,
    private readonly columns: SealedColumns,
    private readonly rows: SealedRowsRepository,
    private readonly keys: EncryptionKeysRepository,
  ) {}

  async uses(): Promise<readonly KeyUse[]> {
    const uses: KeyUse[] = [];
    for (const column of this.columns.all) {
      for (const { keyId, rows } of await this.rows.countByKey(column)) {
        uses.push({ column: nameOf(column), keyId, state: this.stateOf(keyId), rows });
      }
    }
    return uses;
  }

  async heldKeys(): Promise<readonly HeldKey[]> {
    const { current, all } = this.secrets.keys;
    const known = new Map((await this.keys.findAll()).map((key) => [key.id, key]));
    return all.map(({ id, origin }) => ({ id, origin, isCurrent: id === current.id, history: known.get(id) }));
  }

  private stateOf(keyId: string | null): KeyState {
    const { keys } = this.secrets;
    if (keyId === null) return 'unsealed';
    if (keyId === keys.current.id) return 'current';
    return keys.find(keyId) === undefined ? 'missing' : 'old';
  }
}
