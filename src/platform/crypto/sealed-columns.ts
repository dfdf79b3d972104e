import { Injectable } from '@nestjs/common';

import { SecretBox } from './secret-box.js';
import { Secrets } from './secrets.js';

/** A column that holds sealed texts, as the database calls it. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** The columns of the primary key, all of them text: a sealed text is bound to their values. */
  readonly key: readonly string[];
  readonly type: 'text' | 'jsonb';
}

export const nameOf = ({ table, column }: SealedColumn): string => `${table}.${column}`;

/**
 * The only way to a box that seals: whoever wants one says for which column, and so the column is known to whatever
 * must find every sealed text when a key is replaced.
 */
@Injectable()
export class SealedColumns {
  private readonly columns = new Map<string, SealedColumn>();

  constructor(private readonly secrets: Secrets) {}

  get all(): readonly SealedColumn[] {
    return [...this.columns.values()];
  }

  box(column: SealedColumn): SecretBox {
    this.columns.set(nameOf(column), column);
    return new SecretBox(this.secrets.keys, nameOf(column));
  }
}
