import { crc32, deflateSync } from 'node:zlib';

import { create } from 'qrcode';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** What a scanner needs to see around a code, in modules. */
const QUIET = 4;
/** One bit for each dot, in shades of grey: none or all. */
const ONE_BIT_GREY = [1, 0, 0, 0, 0];

const chunk = (type: string, data: Uint8Array): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
};

/**
 * A QR code as a PNG; a module is `scale` dots wide. That of the library works dot by dot in four colours, and keeps
 * everybody waiting for several times as long.
 */
export const qrPng = (text: string, scale: number): Buffer => {
  const { modules } = create(text);
  const side = (modules.size + 2 * QUIET) * scale;
  const isDark = (dotRow: number, dotColumn: number): boolean => {
    const [row, column] = [Math.floor(dotRow / scale) - QUIET, Math.floor(dotColumn / scale) - QUIET];
    const isInside = Math.min(row, column) >= 0 && Math.max(row, column) < modules.size;
    return isInside && modules.get(row, column) === 1;
  };
  const line = (dotRow: number): Buffer => {
    // The first byte says that the line is not filtered; a bit that is set is white.
    const bytes = Buffer.alloc(1 + Math.ceil(side / 8));
    for (let column = 0; column < side; column += 1) {
      if (!isDark(dotRow, column)) bytes[1 + (column >> 3)] = (bytes[1 + (column >> 3)] ?? 0) | (0x80 >> (column & 7));
    }
    return bytes;
  };
  const lines = Array.from({ length: side / scale }, (_value, row) => Array<Buffer>(scale).fill(line(row * scale)));
  const header = Buffer.alloc(8);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', Buffer.concat([header, Buffer.from(ONE_BIT_GREY)])),
    chunk('IDAT', deflateSync(Buffer.concat(lines.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
};
