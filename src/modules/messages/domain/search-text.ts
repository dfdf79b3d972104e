/** Of a text that is longer, what comes after is not found. */
const MAX_LENGTH = 65_536;
/** More would cost a search more than they narrow it. */
const MAX_KEYS_OF_A_SEARCH = 48;

/** Accents, Arabic vowel signs and Hebrew points: who searches seldom types them. Marks that make another letter stay. */
const MARKS = /[[\p{Mn}&&[\p{Script=Inherited}\p{Script=Arabic}\p{Script=Hebrew}]]--[\u3099\u309a]]|\u0640/gv;
/** What nobody sees, but for what joins emoji and makes flags. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}--[\u200d\u{e0020}-\u{e007f}]]/gv;

const bare = (text: string): string => text.normalize('NFKD').replace(MARKS, '').replace(INVISIBLE, '');

/**
 * A text as it is compared: neither case, accents, width nor the kind of a space make a difference. Upper case comes
 * first because some letters have one capital and two small forms.
 */
export const foldText = (text: string): string =>
  bare(bare(text).toUpperCase().toLowerCase())
    .replaceAll('ς', 'σ')
    .normalize('NFKC')
    .replace(/\s+/gu, ' ')
    .trim()
    .slice(0, MAX_LENGTH)
    .toWellFormed();

/** The words of a search: a text has to contain each of them, anywhere. */
export const wordsOf = (query: string): readonly string[] => [
  ...new Set(
    foldText(query)
      .split(' ')
      .filter((word) => word !== ''),
  ),
];

const mix = (hash: number, value: number): number => {
  const mixed = Math.imul(hash ^ value, 0x85ebca6b);
  return Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) ^ (mixed >>> 16);
};

const ONE = 0x1000193;
const TWO = 0x2000193;
const THREE = 0x3000193;
const MARK = 0x4000193;

const codePointsOf = (text: string): readonly number[] =>
  Array.from(text, (character) => character.codePointAt(0) ?? 0);

/** Adds what a folded text is found by: each character, each pair and each three in a row, as numbers. */
const addKeys = (keys: Set<number>, text: string): void => {
  let [before, last] = [-1, -1];
  for (const code of codePointsOf(text)) {
    keys.add(mix(ONE, code));
    if (last >= 0) keys.add(mix(mix(TWO, last), code));
    if (before >= 0) keys.add(mix(mix(mix(THREE, before), last), code));
    [before, last] = [last, code];
  }
};

/** The longest pieces of a word that there are keys of. */
const keysOfWord = (word: string): readonly number[] => {
  const codes = codePointsOf(word);
  const [first = 0, second = 0] = codes;
  if (codes.length === 1) return [mix(ONE, first)];
  if (codes.length === 2) return [mix(mix(TWO, first), second)];
  return codes.slice(2).map((code, place) => mix(mix(mix(THREE, codes[place] ?? 0), codes[place + 1] ?? 0), code));
};

/** What a message has beside its text, and keeps for ever. */
export interface SearchMarks {
  readonly sessionId?: string | undefined;
  readonly to?: string | null | undefined;
  readonly type?: string | undefined;
  readonly batchId?: string | null | undefined;
}

/** The key of one mark. */
export const keyOfMark = (name: keyof SearchMarks, value: string): number =>
  codePointsOf(`${name}=${value}`).reduce(mix, MARK);

const keysOfMarks = (marks: SearchMarks): readonly number[] =>
  (['sessionId', 'to', 'type', 'batchId'] as const).flatMap((name) => {
    const value = marks[name];
    return value === undefined || value === null ? [] : [keyOfMark(name, value)];
  });

/** The keys of some messages together; their texts are folded already. */
export const keysOfMessages = (messages: Iterable<SearchMarks & { readonly text: string }>): readonly number[] => {
  const keys = new Set<number>();
  for (const message of messages) {
    addKeys(keys, message.text);
    for (const key of keysOfMarks(message)) keys.add(key);
  }
  return [...keys];
};

/** Keys that are all among those of a message with these words and marks, so that one is found by them. */
export const keysOfSearch = (words: readonly string[], marks: SearchMarks): readonly number[] => {
  const keys = [...new Set(words.flatMap(keysOfWord))];
  const step = Math.max(1, keys.length / MAX_KEYS_OF_A_SEARCH);
  const few = Array.from({ length: Math.min(keys.length, MAX_KEYS_OF_A_SEARCH) }, (_, n) => keys[Math.floor(n * step)]);
  return [...few.filter((key) => key !== undefined), ...keysOfMarks(marks)];
};
