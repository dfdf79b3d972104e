import { randomUUID } from 'node:crypto';

import { FileTooLargeError, SendDeferredError, SendRefusedError } from '../engine.errors.js';
import type { DownloadedMedia, OutboundMedia } from '../engine.content.js';
import { toError, within } from './deadline.js';
import { addPiece, dropFile, findFile, openFile, readPiece } from './page/files.js';
import type { WebClient } from './web-client.js';
import type { WebTimings } from './web-timings.js';

/** A message over the browser's pipe has an end: 100 MiB of it close the connection (P13). Of whole triples for base64. */
const PIECE_BYTES = 3 * 1024 * 1024;
/** More the page has not been seen to take. */
const MAX_BYTES = 64 * 1024 * 1024;
/** What the page says of a file that will not come back. */
const LOST = ['GONE', 'ERROR_MISSING', 'ERROR_UNSUPPORTED', 'FETCHING'];
const RETRY_IN_MS = 5_000;

/** Cuts what a stream gives into pieces of one size. */
async function* inPieces(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    waiting.push(chunk);
    size += chunk.length;
    while (size >= PIECE_BYTES) {
      const all = Buffer.concat(waiting);
      yield all.subarray(0, PIECE_BYTES);
      waiting = [all.subarray(PIECE_BYTES)];
      size -= PIECE_BYTES;
    }
  }
  if (size > 0) yield Buffer.concat(waiting);
}

/** Moves files between this process and the page in pieces, so that neither holds one twice as text. */
export class WebFiles {
  constructor(
    private readonly client: WebClient,
    private readonly timings: WebTimings,
  ) {}

  /** Refuses by name what is too large, before anything of it is read. */
  static requireSize({ sizeBytes }: Pick<OutboundMedia, 'sizeBytes'>): void {
    if (sizeBytes <= MAX_BYTES) return;
    throw new SendRefusedError('media-too-large', `A file has at most ${String(MAX_BYTES)} bytes.`);
  }

  /** Puts a file into the page; its key. Nothing has left when it rejects. */
  async upload(media: OutboundMedia): Promise<string> {
    const key = randomUUID();
    try {
      await within(this.timings.mediaMs, 'Handing over a file', this.uploadPieces(key, media));
      return key;
    } catch (error) {
      await this.drop(key);
      if (error instanceof SendRefusedError) throw error;
      throw new SendDeferredError('media-not-readable', toError(error).message, RETRY_IN_MS);
    }
  }

  /** Null for what WhatsApp has no more. */
  async download(messageId: string, maxBytes: number): Promise<DownloadedMedia | null> {
    const key = randomUUID();
    const { mediaMs, callMs } = this.timings;
    try {
      const stage = await this.client.call('Looking for a file', mediaMs, findFile, messageId, maxBytes);
      if (stage === 'TOO_LARGE') throw new FileTooLargeError(maxBytes);
      if (LOST.includes(stage)) return null;
      if (stage !== 'RESOLVED') throw new Error(`WhatsApp cannot fetch the file now (${stage}).`);
      const opened = await this.client.call('Fetching a file', mediaMs, openFile, messageId, key);
      if (opened === null) return null;
      // Its sender may have said less than there is.
      if (opened.size > maxBytes) throw new FileTooLargeError(maxBytes);
      const data = Buffer.alloc(opened.size);
      for (let at = 0; at < data.length; at += PIECE_BYTES) {
        const piece = await this.client.call('Reading a file', callMs, readPiece, key, at, at + PIECE_BYTES);
        data.write(piece, at, 'base64');
      }
      return { mimeType: opened.mimetype, fileName: opened.filename, data };
    } finally {
      await this.drop(key);
    }
  }

  async drop(key: string): Promise<void> {
    await this.client.call('Dropping a file', this.timings.callMs, dropFile, key).catch(() => undefined);
  }

  private async uploadPieces(key: string, media: OutboundMedia): Promise<void> {
    let sizeBytes = 0;
    for await (const piece of inPieces(await media.open())) {
      sizeBytes += piece.length;
      WebFiles.requireSize({ sizeBytes });
      await this.client.call('Handing over a file', this.timings.callMs, addPiece, key, piece.toString('base64'));
    }
  }
}
