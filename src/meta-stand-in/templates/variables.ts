const VARIABLE = /\{\{\s*(?<name>[a-z0-9_]+)\s*\}\}/g;

/** The variables of a text in the order of their first appearance. */
export const variablesOf = (text: string): string[] => [
  ...new Set([...text.matchAll(VARIABLE)].map(({ groups }) => groups?.['name'] ?? '')),
];

export const fillIn = (text: string, values: ReadonlyMap<string, string>): string =>
  text.replaceAll(VARIABLE, (whole, name: string) => values.get(name) ?? whole);
