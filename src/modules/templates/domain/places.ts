/** `{{name}}`: a place is a name and nothing more, so that no template can compute anything. */
const PLACE = /\{\{\s*([a-zA-Z][a-zA-Z0-9_]{0,63})\s*\}\}/g;
/** What looks like a place and is none. */
const BRACES = /\{\{|\}\}/;

/** The names of the places, each once, in the order in which they come. */
export const findPlaces = (body: string): readonly string[] => [
  ...new Set([...body.matchAll(PLACE)].map(([, name]) => name ?? '')),
];

/** Whether every pair of braces is a place. */
export const isWellFormedBody = (body: string): boolean => !BRACES.test(body.replace(PLACE, ''));

export interface VariableTroubles {
  readonly missing: readonly string[];
  readonly superfluous: readonly string[];
}

/** What is wrong with these variables; null when each place has one and no more are given. */
export const findVariableTroubles = (
  body: string,
  variables: Readonly<Record<string, string>>,
): VariableTroubles | null => {
  const places = findPlaces(body);
  const missing = places.filter((name) => !Object.hasOwn(variables, name));
  const superfluous = Object.keys(variables).filter((name) => !places.includes(name));
  return missing.length === 0 && superfluous.length === 0 ? null : { missing, superfluous };
};

/** Fills the places in one pass: what a variable brings is never read as a place again. */
export const fillPlaces = (body: string, variables: Readonly<Record<string, string>>): string =>
  body.replace(PLACE, (_place, name: string) => variables[name] ?? '');
