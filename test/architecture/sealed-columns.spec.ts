import { globSync, readFileSync } from 'node:fs';

/** Columns that the schema calls sealed, as `table.column`. */
const sealedIn = (schema: string): readonly string[] =>
  [...schema.matchAll(/^model \w+ \{\n(?<body>[\s\S]*?)^\}/gm)].flatMap(({ groups }) => {
    const body = groups?.['body'] ?? '';
    const table = /@@map\("(\w+)"\)/.exec(body)?.[1] ?? '';
    const fields = [
      ...body.matchAll(/\/\/\/ Under SecretBox.*\n\s+(?<field>\w+) .*?(?:@map\("(?<column>\w+)"\).*)?$/gm),
    ];
    return fields.map((found) => `${table}.${found.groups?.['column'] ?? found.groups?.['field'] ?? ''}`);
  });

const COLUMN = /: SealedColumn = \{\s*table: '(?<table>\w+)',\s*column: '(?<column>\w+)'/g;

/** Columns that the code seals. */
const declaredIn = (sources: readonly string[]): readonly string[] =>
  sources.flatMap((source) =>
    [...source.matchAll(COLUMN)].map(({ groups }) => `${groups?.['table'] ?? ''}.${groups?.['column'] ?? ''}`),
  );

/** Whoever makes a box by hand seals what nobody finds again when the key is replaced. */
const boxesMadeByHand = (files: readonly string[], read: (file: string) => string): readonly string[] =>
  files.filter((file) => !file.startsWith('src/platform/crypto/') && /new SecretBox\(|createCipheriv/.test(read(file)));

const read = (file: string): string => readFileSync(file, 'utf8');
const sources = globSync('src/**/*.ts').filter((file) => !/\.spec\.ts$|src\/generated\//.test(file));

describe('sealed columns', () => {
  it('Q6 every column that the schema calls sealed is registered by the code, and no other', () => {
    const inSchema = sealedIn(read('prisma/schema.prisma'));
    expect(inSchema.length).toBeGreaterThan(1);
    expect([...declaredIn(sources.map(read))].sort()).toEqual([...inSchema].sort());
  });

  it('Q6 nobody seals past the registry', () => {
    expect(boxesMadeByHand(sources, read)).toEqual([]);
  });

  it('Q6 and the checks would notice a new one', () => {
    const schema = 'model A {\n  /// Under SecretBox: a token.\n  token String? @map("a_token")\n\n  @@map("a")\n}\n';
    expect(sealedIn(schema)).toEqual(['a.a_token']);
    expect(declaredIn(["const X: SealedColumn = { table: 'a', column: 'a_token', key: ['id'] }"])).toEqual([
      'a.a_token',
    ]);
    expect(boxesMadeByHand(['src/modules/x.ts'], () => 'new SecretBox(ring, purpose)')).toEqual(['src/modules/x.ts']);
  });
});
