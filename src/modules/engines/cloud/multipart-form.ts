import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';

import type { OutboundMedia } from '../engine.content.js';
import type { GraphForm } from './graph-client.js';

const CRLF = '\r\n';
/** What could end a header is no part of a type. */
const typeOf = (mimeType: string): string => mimeType.replace(/[^\w!#$&^.+/;= -]/g, '');

async function* written(head: string, open: OutboundMedia['open'], tail: string): AsyncGenerator<Buffer> {
  yield Buffer.from(head);
  for await (const chunk of (await open()) as AsyncIterable<Buffer>) yield chunk;
  yield Buffer.from(tail);
}

/** "Upload media": the form of `POST /{phone-number-id}/media`, which is never as a whole in memory. */
export const uploadForm = (media: OutboundMedia): GraphForm => {
  const boundary = `waypost-${randomBytes(16).toString('hex')}`;
  const field = (name: string, value: string): string =>
    `--${boundary}${CRLF}Content-Disposition: form-data; name="${name}"${CRLF}${CRLF}${value}${CRLF}`;
  const type = typeOf(media.mimeType);
  const head = [
    field('messaging_product', 'whatsapp'),
    field('type', type),
    `--${boundary}${CRLF}Content-Disposition: form-data; name="file"; filename="file"${CRLF}`,
    `Content-Type: ${type}${CRLF}${CRLF}`,
  ].join('');
  const tail = `${CRLF}--${boundary}--${CRLF}`;
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    length: Buffer.byteLength(head) + media.sizeBytes + Buffer.byteLength(tail),
    body: Readable.from(written(head, () => media.open(), tail)),
  };
};
