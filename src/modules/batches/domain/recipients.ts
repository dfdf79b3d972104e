import { parseRecipient, type Recipient } from '../../../kernel/recipient.js';
import { DUPLICATE, type Refusal } from './batch.js';

export type Variables = Readonly<Record<string, string>>;

/** One to whom something is to be sent, as it was written. */
export interface GivenRecipient {
  readonly to: string;
  readonly variables?: Variables;
}

/** One that is meant, in the one form that its number has. */
export interface DistinctRecipient {
  readonly place: number;
  readonly written: string;
  readonly to: Recipient;
  readonly variables: Variables;
}

export interface SortedRecipients {
  readonly distinct: readonly DistinctRecipient[];
  readonly invalid: readonly Refusal[];
  readonly duplicates: readonly Refusal[];
}

const toRefusal = (place: number, recipient: string, code: string, detail: string): Refusal => ({
  ...{ place, recipient, code, detail },
});

/** Whom a list means: however often and however a number is written, it is one recipient, and the first mention counts. */
export const sortRecipients = (given: readonly GivenRecipient[]): SortedRecipients => {
  const places = new Map<Recipient, number>();
  const distinct: DistinctRecipient[] = [];
  const invalid: Refusal[] = [];
  const duplicates: Refusal[] = [];
  for (const [index, { to: written, variables = {} }] of given.entries()) {
    const place = index + 1;
    const to = parseRecipient(written);
    const first = to === null ? undefined : places.get(to);
    if (to === null) {
      const detail = 'It is neither a phone number in international form, such as +12025550110, nor a group.';
      invalid.push(toRefusal(place, written, 'invalid-phone-number', detail));
    } else if (first === undefined) {
      places.set(to, place);
      distinct.push({ place, written, to, variables });
    } else {
      duplicates.push(toRefusal(place, written, DUPLICATE, `It is the same as number ${String(first)} of the list.`));
    }
  }
  return { distinct, invalid, duplicates };
};
