import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

import S3rver from 's3rver';

import { StorageUnavailableError } from '../../src/modules/media/media.errors.js';
import type { BlobStore } from '../../src/modules/media/stores/blob-store.js';
import { DiskStore } from '../../src/modules/media/stores/disk-store.js';
import { S3Store } from '../../src/modules/media/stores/s3-store.js';

interface Harness {
  readonly store: BlobStore;
  end(): Promise<void>;
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const listAll = async (store: BlobStore, before: Date): Promise<string[]> => {
  const found: string[] = [];
  for await (const blob of store.list(before)) found.push(blob);
  return found;
};

const describeStore = (name: string, create: (directory: string) => Promise<Harness>): void => {
  describe(`${name} as a store of blobs`, () => {
    let directory: string;
    let harness: Harness;

    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'waypost-blobs-'));
      harness = await create(directory);
    });
    afterAll(async () => {
      await harness.end();
      await rm(directory, { recursive: true, force: true });
    });

    const keep = async (bytes: Buffer): Promise<string> => {
      const path = join(directory, 'incoming');
      await writeFile(path, bytes);
      await harness.store.put(sha256(bytes), path);
      return sha256(bytes);
    };

    it('gives back what was put, byte by byte, however often it was put', async () => {
      for (const bytes of [Buffer.from('a'), Buffer.alloc(3_000_000, 7)]) {
        const hash = await keep(bytes);
        await keep(bytes);
        expect(await harness.store.has(hash)).toBe(true);
        expect((await buffer(await harness.store.open(hash))).equals(bytes)).toBe(true);
      }
    });

    it('has no more what was removed, and removes twice in peace', async () => {
      const hash = await keep(Buffer.from('to be removed'));
      await harness.store.remove(hash);
      await harness.store.remove(hash);
      expect(await harness.store.has(hash)).toBe(false);
      await expect(harness.store.open(hash)).rejects.toThrow(StorageUnavailableError);
    });

    it('lists what is older than a time, and nothing else', async () => {
      const hash = await keep(Buffer.from('listed'));
      expect(await listAll(harness.store, new Date(Date.now() + 60_000))).toContain(hash);
      expect(await listAll(harness.store, new Date(0))).toEqual([]);
    });
  });
};

describeStore('the disk', (directory) => {
  const store = new DiskStore(join(directory, 'blobs'));
  return Promise.resolve({ store, end: () => Promise.resolve() });
});

describeStore('an S3-compatible server', async (directory) => {
  const server = new S3rver({
    ...{ port: 0, address: '127.0.0.1', silent: true, directory: join(directory, 's3') },
    configureBuckets: [{ name: 'waypost', configs: [] }],
  });
  const { port } = await server.run();
  const store = new S3Store({
    ...{ endpoint: `http://127.0.0.1:${String(port)}`, region: 'us-east-1', bucket: 'waypost' },
    ...{ accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER', isNamedByPath: true },
  });
  return { store, end: () => server.close() };
});

describe('a blob on the disk', () => {
  it('F22 I10 leaves nothing behind when it cannot be written, and takes no name but a hash', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'waypost-blobs-'));
    const store = new DiskStore(directory);
    await expect(store.put('a'.repeat(64), join(directory, 'missing'))).rejects.toThrow(StorageUnavailableError);
    expect(await readdir(join(directory, 'aa'))).toEqual([]);
    for (const name of ['../../etc/passwd', '', 'A'.repeat(64), `${'a'.repeat(63)}/`]) {
      await expect(store.open(name)).rejects.toThrow('named by its SHA-256');
    }
    await rm(directory, { recursive: true });
  });
});
