import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadOrCreateSecret } from './secret-file.js';

describe(loadOrCreateSecret.name, () => {
  let directory: string;

  beforeEach(async () => {
    directory = join(await mkdtemp(join(tmpdir(), 'waypost-secrets-')), 'secrets');
  });

  afterEach(() => rm(join(directory, '..'), { recursive: true, force: true }));

  it('makes a secret once, of 48 random bytes, for its owner alone', async () => {
    const secret = await loadOrCreateSecret(directory, 'jwt-secret');
    expect(Buffer.from(secret, 'base64url')).toHaveLength(48);
    expect(await loadOrCreateSecret(directory, 'jwt-secret')).toBe(secret);
    expect(await loadOrCreateSecret(directory, 'encryption-key')).not.toBe(secret);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, 'jwt-secret'))).mode & 0o777).toBe(0o600);
  });

  it('gives everybody who asks at once the same one, and leaves no draft behind', async () => {
    const secrets = await Promise.all(Array.from({ length: 50 }, () => loadOrCreateSecret(directory, 'jwt-secret')));
    expect(new Set(secrets).size).toBe(1);
    expect(await readdir(directory)).toEqual(['jwt-secret']);
  });

  it('closes a file that others may read', async () => {
    await loadOrCreateSecret(directory, 'jwt-secret');
    await chmod(join(directory, 'jwt-secret'), 0o644);
    await loadOrCreateSecret(directory, 'jwt-secret');
    expect((await stat(join(directory, 'jwt-secret'))).mode & 0o777).toBe(0o600);
  });

  it.each(['', 'half-a-secret', 'x'.repeat(65)])(
    'refuses a damaged file (%j) instead of making a new secret',
    async (text) => {
      await loadOrCreateSecret(directory, 'jwt-secret');
      const path = join(directory, 'jwt-secret');
      await writeFile(path, text);
      await expect(loadOrCreateSecret(directory, 'jwt-secret')).rejects.toThrow(/jwt-secret is damaged/);
      expect(await readFile(path, 'utf8')).toBe(text);
    },
  );

  it('names the path when it cannot write, and no secret', async () => {
    await writeFile(join(directory, '..', 'file'), '');
    const place = join(directory, '..', 'file', 'secrets');
    await expect(loadOrCreateSecret(place, 'jwt-secret')).rejects.toThrow(/file\/secrets\/jwt-secret cannot be/);
  });
});
