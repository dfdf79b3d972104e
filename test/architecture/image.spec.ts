import { globSync, readFileSync } from 'node:fs';

/** What code below src reads beside itself, as `new URL('../../../console/', …)`; modules end in .js. */
const OUTSIDE = /'(?:\.\.\/){2,}(?!\.)(?<path>[\w./-]+?)\/?'/g;

const readFromDisk = (): readonly string[] => {
  const sources = globSync('src/**/*.ts', { exclude: ['src/generated/**', '**/*.spec.ts'] });
  const paths = sources.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(OUTSIDE)]);
  return [...new Set(paths.map(({ groups }) => groups?.['path'] ?? ''))].filter((path) => !path.endsWith('.js')).sort();
};

const lines = (file: string): readonly string[] => readFileSync(file, 'utf8').split('\n');

describe('the container image', () => {
  it('carries every file that the code reads beside itself', () => {
    const read = readFromDisk();
    expect(read).toContain('docs/openapi.json');
    const copied = lines('Dockerfile').join('\n');
    expect(read.filter((path) => !copied.includes(`/build/${path} `))).toEqual([]);
    expect(read.filter((path) => !lines('.dockerignore').includes(`!${path}`))).toEqual([]);
  });

  it('is built from what is let through, and that is neither data nor secrets', () => {
    expect(lines('.dockerignore')).toContain('*');
    for (const name of ['data', '.env', '.git', 'node_modules']) {
      expect(lines('.dockerignore')).not.toContain(`!${name}`);
    }
  });

  it('asks for every secret of compose.yaml and has none of its own', () => {
    const text = readFileSync('compose.yaml', 'utf8');
    const secrets = [...text.matchAll(/\$\{(?<name>\w*(?:PASSWORD|SECRET|KEY))(?<rule>[^}]*)\}/g)];
    expect(secrets.length).toBeGreaterThan(5);
    expect(secrets.filter(({ groups }) => groups?.['rule']?.startsWith(':?') !== true)).toEqual([]);
  });
});
