/** The columns that the code reads and writes, by table. */
export type ExpectedColumns = ReadonlyMap<string, readonly string[]>;

const mapped = (text: string, attribute: '@map' | '@@map'): string | undefined =>
  new RegExp(`(?<!@)${attribute}\\((?:name:\\s*)?"([^"]+)"`).exec(text)?.[1];

/** Reads them from the text of the Prisma schema: a model is a table, a field that is no relation a column. */
export const expectedColumns = (schema: string): ExpectedColumns => {
  const lines = schema.replace(/\/\/.*$/gm, '');
  const models = [...lines.matchAll(/^model\s+(\w+)\s*\{([\s\S]*?)^\}/gm)].map(([, name = '', body = '']) => ({
    name,
    body,
  }));
  const isModel = new Set(models.map(({ name }) => name));
  return new Map(
    models.map(({ name, body }) => {
      const fields = body.split('\n').flatMap((line) => {
        const [, field, type] = /^\s+(\w+)\s+(\w+)/.exec(line) ?? [];
        const isColumn = field !== undefined && type !== undefined && !isModel.has(type) && !/@ignore\b/.test(line);
        return isColumn ? [mapped(line, '@map') ?? field] : [];
      });
      return [mapped(body, '@@map') ?? name, fields] as const;
    }),
  );
};
