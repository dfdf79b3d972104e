import { StorageFullError, StorageUnavailableError } from '../media.errors.js';

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** What went wrong with a store, in the words of the product. */
export const toStorageError = (error: unknown): Error => {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  const isFull =
    (typeof code === 'string' && FULL.has(code)) || name === 'QuotaExceeded' || name === 'XMinioStorageFull';
  return isFull ? new StorageFullError(error) : new StorageUnavailableError(error);
};
