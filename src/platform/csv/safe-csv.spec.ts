import { text } from 'node:stream/consumers';

import fc from 'fast-check';

import { CSV_BOM, type CsvRow, csvStream, guardCell, toCsv, unguardCell } from './safe-csv.js';

const DANGEROUS = /^[=+\-@\t\r\n＝＋－＠﹢﹣﹦﹫−]/u;

/** A reader of RFC 4180 that shares no line with the writer. */
const parse = (csv: string): string[][] => {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/guy;
  for (const [, quoted, plain, end] of csv.matchAll(cell)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end !== ',') {
      rows.push(row);
      row = [];
    }
  }
  return rows;
};

async function* inBatches(...batches: readonly (readonly CsvRow[])[]): AsyncGenerator<readonly CsvRow[]> {
  for (const batch of batches) yield await Promise.resolve(batch);
}

describe('safe CSV', () => {
  it.each([
    ...['=1+1', '+12025550110', '-2+3', '@SUM(A1)', '\tx', '\rx', '\nx', '＝1', '＋1', '－1', '＠x', '−1'],
    ...[' =1+1', '\u00A0=1', '\uFEFF=1', '\u200B=1', '﹢1', '-', '=', `=cmd|' /C calc'!A0`],
  ])('I14 neutralises %j and gives it back', (given) => {
    const cell = guardCell(given);
    expect(cell).toBe(`'${given}`);
    expect(unguardCell(cell)).toBe(given);
  });

  it.each(["'=1", "''+1", "'\t", "'tis so", "'", "rock 'n' roll", '', '1-1', 'a=b', '2026-01-01', '你好'])(
    'I14 gives back %j, which may look like a neutralised one',
    (given) => {
      expect(unguardCell(guardCell(given))).toBe(given);
    },
  );

  it('I14 any text survives a file and no cell of it begins as a formula does', () => {
    const risky = fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', "'", '"', ',', ';', ' ', '＝', '😀', 'é', 'a');
    const cell = fc.oneof(
      fc.array(risky, { maxLength: 8 }).map((signs) => signs.join('')),
      fc.string({ unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 5 }), (rows) => {
        const cells = parse(toCsv(rows));
        expect(cells.flat().filter((shown) => DANGEROUS.test(shown))).toEqual([]);
        expect(cells.map((row) => row.map(unguardCell))).toEqual(rows);
      }),
    );
  });

  it('writes numbers, times and nothing as they are', () => {
    expect(toCsv([[-5, 7n, new Date(0), null, 'a "b"']])).toBe('-5,7,1970-01-01T00:00:00.000Z,,"a ""b"""\r\n');
  });

  it('streams batch by batch behind its header', async () => {
    const batches = inBatches([['=1', 1]], [], [['b', 2]]);
    const whole = await text(csvStream(batches, { header: ['name', 'n'], bom: true }));
    // The reader of a whole text takes the mark away.
    expect(whole.replace(CSV_BOM, '')).toBe(`name,n\r\n"'=1",1\r\nb,2\r\n`);
  });

  it('reads no further than it is read', async () => {
    let batches = 0;
    const endless = async function* (): AsyncGenerator<readonly CsvRow[]> {
      for (;;) {
        batches += 1;
        yield await Promise.resolve([['x']]);
      }
    };
    const stream = csvStream(endless(), { header: ['x'] });
    const [first] = (await stream.take(1).toArray()) as string[];
    expect(first).toBe('x\r\n');
    expect(batches).toBeLessThan(4);
  });
});
