import type { Readable } from 'node:stream';

import { applyDecorators, Header, StreamableFile } from '@nestjs/common';

import type { Media } from '../domain/media.js';

/** RFC 8187: what a plain header cannot hold travels percent-encoded. */
const encode = (name: string): string =>
  encodeURIComponent(name).replace(/['()*!]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

const asciiOf = (name: string): string => name.replace(/[^\x20-\x7e]|["\\%]/g, '_');

/** No browser shows such a file as a page of ours, whatever its bytes are. */
export const AsAttachment = (): MethodDecorator =>
  applyDecorators(
    Header('x-content-type-options', 'nosniff'),
    Header('content-security-policy', "sandbox; default-src 'none'"),
    Header('cache-control', 'private, no-store'),
    Header('cross-origin-resource-policy', 'same-origin'),
  );

export const attachment = (bytes: Readable, { mimeType, size, fileName, id }: Media): StreamableFile => {
  const name = fileName ?? id;
  return new StreamableFile(bytes, {
    type: mimeType,
    length: size,
    disposition: `attachment; filename="${asciiOf(name)}"; filename*=UTF-8''${encode(name)}`,
  });
};
