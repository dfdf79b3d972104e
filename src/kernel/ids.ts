import { randomFillSync } from 'node:crypto';

/** Crockford's base 32 in lower case: sorts like the number and has no letters that are mistaken for digits. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_LENGTH = 10;
const RANDOM_BYTES = 16;

/** Random bytes in stock: asking the kernel for each id costs more than the id. */
const stock = Buffer.alloc(RANDOM_BYTES * 256);
let used = stock.length;

const nextRandom = (): Buffer => {
  if (used === stock.length) {
    randomFillSync(stock);
    used = 0;
  }
  used += RANDOM_BYTES;
  return stock.subarray(used - RANDOM_BYTES, used);
};

/** What an id is of; the prefix tells it to whoever pastes one into a search box. */
export type IdPrefix =
  'msg' | 'evt' | 'key' | 'usr' | 'wh' | 'dlv' | 'med' | 'bat' | 'tpl' | 'opt' | 'log' | 'aud' | 'inc' | 'ntf';

const encodeTime = (milliseconds: number): string => {
  let rest = milliseconds;
  let text = '';
  for (let i = 0; i < TIME_LENGTH; i += 1) {
    text = ALPHABET.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
};

/** A new id such as `msg_01kadx…`: the time in milliseconds, then 80 random bits; ids made later sort later. */
export const newId = (prefix: IdPrefix): string => {
  let random = '';
  for (const byte of nextRandom()) random += ALPHABET.charAt(byte % 32);
  return `${prefix}_${encodeTime(Date.now())}${random}`;
};

/** Ids that were made from this moment on sort behind it, and older ones before it. */
export const firstIdOf = (prefix: IdPrefix, milliseconds: number): string => `${prefix}_${encodeTime(milliseconds)}`;
