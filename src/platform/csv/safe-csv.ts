import { Readable } from 'node:stream';

import { stringify } from 'csv-stringify/sync';

export type CsvCell = string | number | bigint | Date | null;
export type CsvRow = readonly CsvCell[];

/** Spreadsheets take a file with it for UTF-8, and most others read past it. */
export const CSV_BOM = '\uFEFF';

/**
 * What a spreadsheet would take for a formula: a sign at its start, ASCII, full-width or small, also behind white space
 * and behind apostrophes that stand for themselves. A tab or a line break alone is enough.
 */
const FORMULA = /^'*(?:[\s\u200B\u2060]*[=+\-@\u2212\uFE62\uFE63\uFE66\uFE6B\uFF0B\uFF0D\uFF1D\uFF20]|[\t\r\n])/u;

/** Other programs take these for separators, or for the end of a row. */
const QUOTED = /[\r\n\t;|'",]|^\s|\s$/u;

/** The text as a spreadsheet shows it and never computes it: one apostrophe before what it would compute. */
export const guardCell = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** The text that `guardCell` was given; one that it left alone comes back as it is. */
export const unguardCell = (cell: string): string =>
  cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;

const toText = (cell: CsvCell): string => {
  if (cell === null) return '';
  if (cell instanceof Date) return cell.toISOString();
  return typeof cell === 'string' ? guardCell(cell) : String(cell);
};

/** Rows as RFC 4180 writes them; no text of theirs is a formula. */
export const toCsv = (rows: readonly CsvRow[]): string =>
  rows.length === 0
    ? ''
    : stringify(
        rows.map((row) => row.map(toText)),
        { record_delimiter: 'windows', quoted_match: QUOTED },
      );

export interface CsvOptions {
  readonly header: readonly string[];
  /** Begin with `CSV_BOM`. */
  readonly bom?: boolean;
}

async function* toChunks(batches: AsyncIterable<readonly CsvRow[]>, options: CsvOptions): AsyncGenerator<string> {
  yield (options.bom === true ? CSV_BOM : '') + toCsv([options.header]);
  for await (const batch of batches) yield toCsv(batch);
}

/** A file that is written while it is read: at most two batches are in memory, however slow the reader is. */
export const csvStream = (batches: AsyncIterable<readonly CsvRow[]>, options: CsvOptions): Readable =>
  Readable.from(toChunks(batches, options), { highWaterMark: 1 });
