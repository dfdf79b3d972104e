import { type JsonRecord, textAt } from './untrusted-json.js';

/** One update lacks what it cannot be understood without. Its neighbours are not concerned. */
export class MalformedUpdateError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = MalformedUpdateError.name;
  }
}

/** A text that must be there. */
export const requireText = (record: JsonRecord | null, name: string): string => {
  const text = textAt(record, name);
  if (text === null) throw new MalformedUpdateError(`${name} is missing`);
  return text;
};
