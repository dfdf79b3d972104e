import { SendRefusedError } from '../engine.errors.js';

/** Where a content exceeds what Meta documents. */
export interface ContentFault {
  /** A JSON pointer into the content, such as `/sections/0/rows/3/title`. */
  readonly place: string;
  /** Which limit, as one word. */
  readonly limit: string;
  /** For people: the limit, and what there is instead. */
  readonly detail: string;
}

/** Meta would refuse it; it is not asked. */
export class ContentRefusedError extends SendRefusedError {
  constructor(readonly faults: readonly ContentFault[]) {
    super('content-refused', faults.map(({ place, detail }) => `${place}: ${detail}`).join(' '));
    this.name = ContentRefusedError.name;
  }
}

type Faults = readonly ContentFault[];

const fault = (place: string, limit: string, detail: string): Faults => [{ place, limit, detail }];

/** A fault unless the statement holds. */
export const unless = (holds: boolean, place: string, limit: string, detail: string): Faults =>
  holds ? [] : fault(place, limit, detail);

/** People count characters: one that takes two units of UTF-16 is one. */
const lengthOf = (text: string): number => Array.from(text).length;

/** A text that must be there and have at most so many characters. */
export const textFaults = (place: string, text: string, maxCharacters: number): Faults => {
  if (text.trim() === '') return fault(place, 'empty', 'must not be empty.');
  if (text.length <= maxCharacters) return [];
  const length = lengthOf(text);
  return unless(
    length <= maxCharacters,
    place,
    'length',
    `has ${String(length)} characters; at most ${String(maxCharacters)} are allowed.`,
  );
};

/** The same for a text that may be left out. */
export const optionalTextFaults = (place: string, text: string | undefined, maxCharacters: number): Faults =>
  text === undefined ? [] : textFaults(place, text, maxCharacters);

/** A list with a lowest and a highest number of elements. */
export const countFaults = (place: string, count: number, min: number, max: number): Faults =>
  unless(
    count >= min && count <= max,
    place,
    'count',
    `has ${String(count)} elements; ${String(min)} to ${String(max)} are allowed.`,
  );

/** Texts of which no two may be the same. */
export const uniqueFaults = (places: readonly string[], texts: readonly string[]): Faults =>
  texts.flatMap((text, index) =>
    unless(
      texts.indexOf(text) === index,
      places[index] ?? '',
      'unique',
      `repeats ${places[texts.indexOf(text)] ?? 'another'}.`,
    ),
  );

export const isWebAddress = (text: string): boolean => /^https?:\/\//i.test(text) && URL.canParse(text);
