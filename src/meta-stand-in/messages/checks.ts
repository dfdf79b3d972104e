import { type Json, isRecord, textOf } from '../base/json.js';
import { badValue, missing, missingValue } from '../graph/graph-error.js';

/** As a person counts: an emoji outside the basic plane is one. */
export const lengthOf = (text: string): number => Array.from(text).length;

/** A text that must be there and has a limit. */
export const requireText = (content: Json, name: string, limit: number, place = name): string => {
  const text = textOf(content[name]);
  if (text === undefined || text === '') throw missingValue(`${place} is required`);
  checkLength(text, limit, place);
  return text;
};

export const checkText = (value: unknown, limit: number, place: string): void => {
  if (value === undefined) return;
  if (typeof value !== 'string') throw badValue(`${place} must be a string`);
  checkLength(value, limit, place);
};

const checkLength = (text: string, limit: number, place: string): void => {
  if (lengthOf(text) > limit) throw badValue(`${place} length exceeds ${String(limit)}`);
};

/** The object that belongs to the type of a message. */
export const requireRecord = (body: Json, name: string): Json => {
  const value = body[name];
  if (!isRecord(value)) throw missing(name);
  return value;
};
