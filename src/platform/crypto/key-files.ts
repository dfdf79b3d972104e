import { link, open, readdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';

import { SecretUnusableError } from './crypto.errors.js';
import { EncryptionKey } from './key-ring.js';
import { createSecret, readSecret } from './secret-file.js';

const CURRENT = 'encryption-key';
const OLD = /^encryption-key\.([0-9a-f]{8})$/;

export interface KeyFiles {
  readonly current: EncryptionKey | undefined;
  readonly old: readonly EncryptionKey[];
}

const namesIn = async (directory: string): Promise<string[]> => {
  try {
    return await readdir(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
};

const readKey = async (path: string): Promise<EncryptionKey | undefined> => {
  const text = await readSecret(path);
  return text === undefined ? undefined : new EncryptionKey(text, path);
};

/** The keys that are kept in files: the one that seals, and those that it has replaced. */
export const readKeyFiles = async (directory: string): Promise<KeyFiles> => {
  const names = (await namesIn(directory)).filter((name) => OLD.test(name)).sort();
  const old = await Promise.all(names.map((name) => readKey(join(directory, name))));
  return { current: await readKey(join(directory, CURRENT)), old: old.filter((key) => key !== undefined) };
};

/** A rename is only kept by the disk when its directory is. */
const syncDirectory = async (directory: string): Promise<void> => {
  const handle = await open(directory);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/**
 * Puts a new key in the place of the current one, which stays beside it under its id. A crash at any moment leaves
 * the current key where it is, under one name or two.
 */
export const replaceKeyFile = async (directory: string): Promise<EncryptionKey> => {
  const path = join(directory, CURRENT);
  const current = await readKey(path);
  const draft = `${path}.new`;
  await unlink(draft).catch(() => undefined);
  await createSecret(draft);
  if (current !== undefined) await link(path, `${path}.${current.id}`).catch(toleratePresence);
  await rename(draft, path);
  await syncDirectory(directory);
  const made = await readKey(path);
  if (made === undefined) throw new SecretUnusableError(path, 'vanished after it was written');
  return made;
};

const toleratePresence = (error: unknown): void => {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
};

/** False when no old key has this id. */
export const removeKeyFile = async (directory: string, id: string): Promise<boolean> => {
  const { current, old } = await readKeyFiles(directory);
  const found = old.find((key) => key.id === id);
  if (found === undefined || current?.id === id) return false;
  await unlink(found.origin);
  await syncDirectory(directory);
  return true;
};
