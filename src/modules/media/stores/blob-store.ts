import type { Readable } from 'node:stream';

/**
 * Keeps bytes under their SHA-256. What is there is whole: a half-written blob is never seen. Full and unreachable
 * stores are told by `StorageFullError` and `StorageUnavailableError`.
 */
export interface BlobStore {
  /** Keeps the file at this path, which stays; safe to repeat. */
  put(sha256: string, path: string): Promise<void>;
  has(sha256: string): Promise<boolean>;
  /** Rejects when there is none. */
  open(sha256: string): Promise<Readable>;
  /** Safe to repeat. */
  remove(sha256: string): Promise<void>;
  /** Every blob that was put before this time. */
  list(before: Date): AsyncIterable<string>;
}

export const BlobStore = Symbol('BlobStore');
