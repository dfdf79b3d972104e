import { type Random } from './random.js';

/** Bytes around the number and the random part of an id, as they stand in the ids of real messages. */
const HEAD = [0x1c, 0x18];
const MIDDLE = [0x15, 0x02, 0x00];
const OUTBOUND = { mark: 0x11, length: 18 };
const INBOUND = { mark: 0x12, length: 20 };

/** Makes ids of the form `wamid.HBgL…`; they hold the number of the person and tell the direction. */
export const makeWamid = (random: Random, digits: string, direction: 'inbound' | 'outbound'): string => {
  const { mark, length } = direction === 'inbound' ? INBOUND : OUTBOUND;
  const bytes = Buffer.concat([
    Buffer.from([...HEAD, digits.length]),
    Buffer.from(digits, 'latin1'),
    Buffer.from([...MIDDLE, mark, 0x18, length]),
    Buffer.from(random.hex(length), 'latin1'),
    Buffer.from([0]),
  ]);
  return `wamid.${bytes.toString('base64')}`;
};
