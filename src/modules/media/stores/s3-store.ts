import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';

import type * as sdkTypes from '@aws-sdk/client-s3';

import type { MediaConfig } from '../../../config/config.slices.js';
import type { BlobStore } from './blob-store.js';
import { toStorageError } from './storage-errors.js';

const PREFIX = 'media/';

type Sdk = typeof sdkTypes;

/** Blobs in a bucket of an S3-compatible store; its library is loaded on first use. */
export class S3Store implements BlobStore {
  private loaded: Promise<{ readonly sdk: Sdk; readonly client: sdkTypes.S3Client }> | undefined;

  constructor(private readonly config: MediaConfig['s3']) {}

  async put(sha256: string, path: string): Promise<void> {
    const { size } = await stat(path);
    await this.run(({ sdk, client }) => {
      const Body = createReadStream(path);
      const command = new sdk.PutObjectCommand({ ...this.at(sha256), Body, ContentLength: size });
      return client.send(command);
    });
  }

  async has(sha256: string): Promise<boolean> {
    return this.run(({ sdk, client }) =>
      client.send(new sdk.HeadObjectCommand(this.at(sha256))).then(
        () => true,
        (error: unknown) => {
          const { name } = error as { readonly name?: string };
          if (name === 'NotFound' || name === 'NoSuchKey') return false;
          throw error;
        },
      ),
    );
  }

  async open(sha256: string): Promise<Readable> {
    return this.run(async ({ sdk, client }) => {
      const { Body } = await client.send(new sdk.GetObjectCommand(this.at(sha256)));
      if (Body instanceof Readable) return Body;
      throw new Error('The store has answered without a body.');
    });
  }

  async remove(sha256: string): Promise<void> {
    await this.run(({ sdk, client }) => client.send(new sdk.DeleteObjectCommand(this.at(sha256))));
  }

  async *list(before: Date): AsyncIterable<string> {
    let token: string | undefined;
    do {
      const page = await this.run(({ sdk, client }) =>
        client.send(
          new sdk.ListObjectsV2Command({ Bucket: this.config.bucket, Prefix: PREFIX, ContinuationToken: token }),
        ),
      );
      for (const { Key = '', LastModified } of page.Contents ?? []) {
        if (LastModified !== undefined && LastModified < before) yield Key.slice(PREFIX.length);
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  private at(sha256: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.config.bucket, Key: `${PREFIX}${sha256}` };
  }

  private async run<T>(
    work: (tools: { readonly sdk: Sdk; readonly client: sdkTypes.S3Client }) => Promise<T>,
  ): Promise<T> {
    this.loaded ??= this.load();
    const tools = await this.loaded;
    try {
      return await work(tools);
    } catch (error) {
      throw toStorageError(error);
    }
  }

  private async load(): Promise<{ readonly sdk: Sdk; readonly client: sdkTypes.S3Client }> {
    const sdk = await import('@aws-sdk/client-s3');
    const { endpoint, region, accessKeyId, secretAccessKey } = this.config;
    const hasKeys = accessKeyId !== undefined && secretAccessKey !== undefined;
    const client = new sdk.S3Client({
      region,
      // Stores other than Amazon's are named by path, and know no checksums beside the classic one.
      ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      ...(hasKeys && { credentials: { accessKeyId, secretAccessKey } }),
    });
    return { sdk, client };
  }
}
