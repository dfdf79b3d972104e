import { type Json, recordsOf, textOf } from '../base/json.js';

/** Meta takes the words of a definition in upper and lower case alike. */
export const wordOf = (value: unknown): string => (textOf(value) ?? '').toUpperCase();

export const partOf = (components: readonly Json[], type: string): Json | undefined =>
  components.find((component) => wordOf(component['type']) === type);

export const buttonsOf = (components: readonly Json[]): readonly Json[] =>
  recordsOf(partOf(components, 'BUTTONS')?.['buttons']);

export const cardsOf = (components: readonly Json[]): readonly (readonly Json[])[] =>
  recordsOf(partOf(components, 'CAROUSEL')?.['cards']).map((card) => recordsOf(card['components']));
