import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';

import { SecretUnusableError } from './crypto.errors.js';

const SECRET_BYTES = 48;
const FORM = /^[A-Za-z0-9_-]{64}$/;
const OWNER_ONLY = 0o600;

const hasCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code;

/** Undefined when there is no such file; throws when there is one and it cannot be used. */
export const readSecret = async (path: string): Promise<string | undefined> => {
  let text: string;
  try {
    text = (await readFile(path, 'utf8')).trim();
    if (((await stat(path)).mode & 0o077) !== 0) await chmod(path, OWNER_ONLY);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw new SecretUnusableError(path, 'cannot be read', error);
  }
  if (!FORM.test(text)) throw new SecretUnusableError(path, 'is damaged: restore it from a backup');
  return text;
};

/** A file appears whole or not at all: a crash in the middle of writing must not leave half a secret behind. */
export const createSecret = async (path: string): Promise<void> => {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(draft, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, OWNER_ONLY);
  try {
    await file.writeFile(`${randomBytes(SECRET_BYTES).toString('base64url')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, path);
  } catch (error) {
    // Another process was first: its secret is the one.
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await unlink(draft);
  }
};

/** The secret kept under this name, made at the first call; processes that ask at once all get the same one. */
export const loadOrCreateSecret = async (directory: string, name: string): Promise<string> => {
  const path = join(directory, name);
  const known = await readSecret(path);
  if (known !== undefined) return known;
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await createSecret(path);
  } catch (error) {
    throw new SecretUnusableError(path, 'cannot be written', error);
  }
  const made = await readSecret(path);
  if (made === undefined) throw new SecretUnusableError(path, 'vanished after it was written');
  return made;
};
