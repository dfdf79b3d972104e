import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, object>>;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly 'x-required-permissions'?: readonly string[];
}

const document = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
};

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ route: `${method} ${path}`, ...operation })),
);

describe('docs/openapi.json', () => {
  it('is what the built server says of itself', () => {
    // Comments and types are known to the compiler alone: the document is made of dist, which `npm test` builds first.
    expect(existsSync('dist/openapi.js')).toBe(true);
    const { status, stderr } = spawnSync(process.execPath, ['scripts/write-docs.mjs', '--check'], {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  }, 60_000);

  it('is of version 3.1 and names each operation once, verb first', () => {
    expect(document.openapi).toBe('3.1.0');
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z]+[A-Z]\w+$/.test(id))).toEqual([]);
  });

  it('describes each operation, its permissions and its problems', () => {
    expect(operations.filter(({ summary }) => !summary).map(({ route }) => route)).toEqual([]);
    expect(operations.filter(({ responses }) => !responses['4XX'] || !responses['5XX'])).toEqual([]);
    const unguarded = operations.filter((o) => o['x-required-permissions'] && !o.security).map(({ route }) => route);
    expect(unguarded).toEqual([]);
  });

  it('L2 has no route that takes a secret in its path or query', () => {
    // Meta shakes hands in this way, and in no other: the token proves who asks, and opens nothing.
    const isOfMeta = (name: string): boolean => name === 'hub.verify_token';
    const secret = /token|secret|password|passwd|api-?key|authorization|qr|code|totp|otp/i;
    const inUrl = operations.flatMap(({ route, parameters = [] }) =>
      parameters
        .filter((p) => p.in !== 'header' && secret.test(p.name) && !isOfMeta(p.name))
        .map((p) => `${route} ${p.name}`),
    );
    expect(inUrl).toEqual([]);
  });

  it('describes every tag that it uses', () => {
    const used = new Set(operations.flatMap((o) => (o as unknown as { tags: string[] }).tags));
    expect([...used].sort()).toEqual(document.tags.map(({ name }) => name).sort());
  });
});
