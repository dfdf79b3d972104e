import type { TemplateParameter } from './cloud-content.js';
import { type ContentFault, optionalTextFaults, unless } from './content-fault.js';
import type { ParameterFormat } from './template-definition.js';
import { valueFaults } from './template-limits.js';
import { asRecord, valueAt } from './untrusted-json.js';

/** Values of the variables of one text: in their order, or by name (or by number). What came may be anything. */
export type TextValues = readonly unknown[] | Readonly<Record<string, unknown>>;

export interface Filled<T> {
  readonly parameters: readonly T[];
  readonly faults: readonly ContentFault[];
}

/** What a text needs. */
export interface TextPart {
  readonly place: string;
  readonly placeholders: readonly string[];
  readonly format: ParameterFormat;
  /** Of each value, where one is documented. */
  readonly maxCharacters?: number;
}

export const missing = (place: string, what: string): readonly ContentFault[] =>
  unless(false, place, 'missing', `is missing: the template needs ${what}.`);

export const superfluous = (place: string): readonly ContentFault[] =>
  unless(false, place, 'superfluous', 'is superfluous: the template has no place for it.');

export const wrongKind = (place: string, what: string): readonly ContentFault[] =>
  unless(false, place, 'wrong-kind', `is of the wrong kind: the template needs ${what}.`);

/** Values by the name of their variable; the first of a list is `1`. */
const byName = (values: TextValues): ReadonlyMap<string, unknown> =>
  Array.isArray(values)
    ? new Map(values.map((value: unknown, index) => [String(index + 1), value]))
    : new Map(Object.keys(values).map((name) => [name, valueAt(asRecord(values), name)]));

const textFaultsOf = (place: string, value: unknown, maxCharacters: number | undefined): readonly ContentFault[] => {
  if (typeof value !== 'string') return wrongKind(place, 'a text');
  const faults = valueFaults(place, value);
  return faults.length > 0 ? faults : optionalTextFaults(place, value, maxCharacters ?? Infinity);
};

/** The values of a text, put into its variables. */
export const fillText = (part: TextPart, values: TextValues | undefined): Filled<TemplateParameter> => {
  const { place, placeholders, format, maxCharacters } = part;
  if (format === 'named' && Array.isArray(values) && placeholders.length > 0) {
    return { parameters: [], faults: wrongKind(place, `values by name (${placeholders.join(', ')})`) };
  }
  const given = byName(values ?? []);
  const surplus = [...given.keys()].filter((name) => !placeholders.includes(name));
  const filled = placeholders.map((name) => ({ name, value: given.get(name), at: `${place}/${name}` }));
  const faults = filled.flatMap(({ name, value, at }) =>
    given.has(name) ? textFaultsOf(at, value, maxCharacters) : missing(at, `a value for {{${name}}}`),
  );
  const parameters = filled.map(({ name, value }) => ({
    ...{ type: 'text' as const, text: typeof value === 'string' ? value : '' },
    ...(format === 'named' && { parameter_name: name }),
  }));
  return { parameters, faults: [...faults, ...surplus.flatMap((name) => superfluous(`${place}/${name}`))] };
};
