import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';

import { EncryptionKeyMissingError } from '../../platform/crypto/crypto.errors.js';
import { type SealedColumn, SealedColumns } from '../../platform/crypto/sealed-columns.js';
import type { SecretBox } from '../../platform/crypto/secret-box.js';
import { Transactions } from '../../platform/prisma/transactions.js';
import { EncryptionKeysRepository } from './encryption-keys.repository.js';
import { type ResealedRow, type SealedRow, SealedRowsRepository } from './sealed-rows.repository.js';

const PORTION = 200;
/** Between two portions, so that they never hold back what people wait for. */
const PAUSE_MS = 10;

export interface PassResult {
  /** Sealed anew. */
  readonly resealed: number;
  /** Changed or held by somebody while they were looked at. */
  readonly passedOver: number;
  /** No key here opens them, or they were changed past the application. */
  readonly unreadable: number;
}

/** Goes through all stored secrets once and seals with one key what others have sealed. */
@Injectable()
export class Resealer {
  constructor(
    private readonly columns: SealedColumns,
    private readonly rows: SealedRowsRepository,
    private readonly keys: EncryptionKeysRepository,
    private readonly transactions: Transactions,
  ) {}

  /** Ends early, between two portions, when the signal says so or when `keyId` seals no more. */
  async pass(keyId: string, goesOn: () => boolean): Promise<PassResult> {
    const total = { resealed: 0, passedOver: 0, unreadable: 0 };
    for (const column of this.columns.all) {
      let after: readonly string[] | null = null;
      do {
        const portion = await this.rows.findOthers(column, keyId, after, PORTION);
        const { resealed, passedOver, unreadable } = await this.reseal(column, keyId, portion.rows);
        total.resealed += resealed;
        total.passedOver += passedOver;
        total.unreadable += unreadable;
        after = portion.next;
        if (after !== null) await sleep(PAUSE_MS);
      } while (after !== null && goesOn());
    }
    return total;
  }

  private async reseal(column: SealedColumn, keyId: string, found: readonly SealedRow[]): Promise<PassResult> {
    const box = this.columns.box(column);
    const rows = found.flatMap((row) => this.sealAnew(box, row));
    const unreadable = found.length - rows.length;
    if (rows.length === 0) return { resealed: 0, passedOver: 0, unreadable };
    const resealed = await this.transactions.run(async (tx) => {
      const replaced = await this.rows.replace(column, rows, tx.db);
      if (replaced > 0) await this.keys.countResealed(keyId, replaced, tx.db);
      return replaced;
    });
    return { resealed, passedOver: rows.length - resealed, unreadable };
  }

  private sealAnew(box: SecretBox, row: SealedRow): ResealedRow[] {
    try {
      const text = box.open(row.sealed, row.key);
      return text === null ? [] : [{ ...row, anew: box.seal(text, row.key) }];
    } catch (error) {
      if (error instanceof EncryptionKeyMissingError) return [];
      throw error;
    }
  }
}
