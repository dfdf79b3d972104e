import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readKeyFiles, removeKeyFile, replaceKeyFile } from './key-files.js';
import { readKeyRing, Secrets, type SecretSource, secretsDirectory } from './secrets.js';

describe('the files of the encryption keys', () => {
  let dataDir: string;
  let source: SecretSource;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'waypost-keys-'));
    source = { jwtSecret: 'x', encryptionKey: undefined, oldEncryptionKeys: [], dataDir };
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  it('Q6 keep the key that is replaced under its id, for their owner alone, and leave no draft', async () => {
    const { keys } = await Secrets.load(source);
    const directory = secretsDirectory(dataDir);
    const next = await replaceKeyFile(directory);
    expect(next.id).not.toBe(keys.current.id);
    const files = await readKeyFiles(directory);
    expect(files.current?.id).toBe(next.id);
    expect(files.old.map(({ id }) => id)).toEqual([keys.current.id]);
    const names = await readdir(directory);
    expect(names.sort()).toEqual(['encryption-key', `encryption-key.${keys.current.id}`]);
    for (const name of names) expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
  });

  it('Q6 let go of an old key by its id, and never of the current one', async () => {
    const { keys } = await Secrets.load(source);
    const directory = secretsDirectory(dataDir);
    expect(await removeKeyFile(directory, keys.current.id)).toBe(false);
    await replaceKeyFile(directory);
    expect(await removeKeyFile(directory, '00000000')).toBe(false);
    expect(await removeKeyFile(directory, keys.current.id)).toBe(true);
    expect((await readKeyFiles(directory)).old).toEqual([]);
  });

  it('Q6 stay readable when the environment gives a key; the environment can give old ones as well', async () => {
    const made = await Secrets.load(source);
    const ring = await readKeyRing({ ...source, encryptionKey: 'one', oldEncryptionKeys: ['two', 'three'] });
    expect(ring?.current.origin).toBe('ENCRYPTION_KEY');
    expect(ring?.all).toHaveLength(4);
    expect(ring?.find(made.keys.current.id)?.origin).toContain('encryption-key');
  });

  it('is made once, and never by looking', async () => {
    expect(await readKeyRing(source)).toBeUndefined();
    expect((await Secrets.load(source)).keys.current.id).toBe((await Secrets.load(source)).keys.current.id);
  });
});
