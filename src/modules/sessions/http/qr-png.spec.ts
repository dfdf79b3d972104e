import { inflateSync } from 'node:zlib';

import { create } from 'qrcode';

import { qrPng } from './qr-png.js';

const TEXT = `2@${'QR/of+a=session'.repeat(14)}`;
const QUIET = 4;

const chunksOf = (png: Buffer): ReadonlyMap<string, Buffer> => {
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return chunks;
};

describe('a QR code as a PNG', () => {
  it.each([1, 3, 8])('has each module at its place, %d dots wide', (scale) => {
    const { modules } = create(TEXT);
    const chunks = chunksOf(qrPng(TEXT, scale));
    expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND']);
    const side = (modules.size + 2 * QUIET) * scale;
    expect(chunks.get('IHDR')?.readUInt32BE(0)).toBe(side);
    const rows = inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0));
    const stride = 1 + Math.ceil(side / 8);
    expect(rows).toHaveLength(stride * side);
    const isDark = (row: number, column: number): boolean =>
      ((rows[row * stride + 1 + (column >> 3)] ?? 0) & (0x80 >> (column & 7))) === 0;
    for (let row = 0; row < side; row += 1) {
      for (let column = 0; column < side; column += 1) {
        const [y, x] = [Math.floor(row / scale) - QUIET, Math.floor(column / scale) - QUIET];
        const isCode = Math.min(x, y) >= 0 && Math.max(x, y) < modules.size;
        if (isDark(row, column) !== (isCode && modules.get(y, x) === 1))
          throw new Error(`${String(row)}/${String(column)}`);
      }
    }
  });
});
