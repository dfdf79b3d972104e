import { Readable } from 'node:stream';

import { Inject, Injectable } from '@nestjs/common';

import { decodeCursor, type Page, toPage } from '../../kernel/page.js';
import { Egress } from '../../platform/egress/egress.js';
import { InvalidRequestError } from '../../platform/http/http.errors.js';
import { type Principal, visibleSessions } from '../access/index.js';
import type { DownloadedMedia } from '../engines/index.js';
import type { Media, MediaOrigin } from './domain/media.js';
import { findMediaTrouble, MAX_MEDIA_BYTES, MEDIA_LIMITS, type MediaKind } from './domain/media-limits.js';
import { MediaNotFoundError, MediaUnsuitableError } from './media.errors.js';
import { MediaLibrary } from './media-library.js';
import { MediaRepository, type MediaOwner, type MediaScope } from './media.repository.js';
import { BlobStore } from './stores/blob-store.js';

const FETCH_TIMEOUT_MS = 60_000;

/** A file by the id of an upload, by its address, or in Base64; exactly one of them is given. */
export interface MediaSource {
  readonly mediaId?: string;
  readonly url?: string;
  readonly data?: string;
  readonly fileName?: string;
}

export interface MediaContext {
  readonly principal: Principal;
  readonly sessionId: string;
}

export const scopeOf = (principal: Principal): MediaScope => {
  const sessionIds = visibleSessions(principal);
  return sessionIds && { sessionIds, owner: ownerOf(principal) };
};

const ownerOf = ({ kind, id }: Principal): MediaOwner => ({ kind, id });

const fileNameOf = (url: string): string | null => {
  try {
    return decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '').slice(0, 255) || null;
  } catch {
    return null;
  }
};

/** Files for messages: found, fetched, kept, opened. */
@Injectable()
export class MediaService {
  constructor(
    private readonly media: MediaRepository,
    private readonly library: MediaLibrary,
    private readonly egress: Egress,
    @Inject(BlobStore) private readonly blobs: BlobStore,
  ) {}

  async list(
    principal: Principal,
    filters: { readonly sessionId?: string },
    { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
  ): Promise<Page<Media>> {
    const before = cursor === undefined ? null : decodeCursor(cursor, filters);
    if (cursor !== undefined && before === null) {
      throw new InvalidRequestError([{ pointer: '?cursor', detail: 'cursor must be one that this list gave out' }]);
    }
    const rows = await this.media.find(scopeOf(principal), filters, { limit: limit + 1, before });
    return toPage(rows, limit, filters, ({ id }) => id);
  }

  /** Throws not-found also for a file of a session that was not granted. */
  async get(id: string, principal: Principal): Promise<Media> {
    const media = await this.media.findById(scopeOf(principal), id);
    if (media === null) throw new MediaNotFoundError(id);
    return media;
  }

  /** For what is being sent: whoever accepted it was allowed to. */
  find(id: string): Promise<Media | null> {
    return this.media.findById(undefined, id);
  }

  open({ sha256 }: Pick<Media, 'sha256'>): Promise<Readable> {
    return this.blobs.open(sha256);
  }

  /** The file that a message names, stored and fit to be sent as this kind. */
  async take(source: MediaSource, kind: MediaKind, context: MediaContext): Promise<Media> {
    const media = await this.resolve(source, kind, context);
    const trouble = findMediaTrouble(kind, media);
    if (trouble !== null) throw new MediaUnsuitableError(trouble);
    return media;
  }

  /** What came in with a message. */
  storeInbound(sessionId: string, { data, fileName }: DownloadedMedia): Promise<Media> {
    const owner = { kind: 'system', id: 'system' };
    return this.library.store(data, { source: 'inbound', sessionId, fileName, owner, maxBytes: MAX_MEDIA_BYTES });
  }

  private async resolve(source: MediaSource, kind: MediaKind, context: MediaContext): Promise<Media> {
    const { mediaId, url, data } = source;
    const given = [mediaId, url, data].filter((one) => one !== undefined);
    if (given.length !== 1) {
      throw new InvalidRequestError([
        { pointer: `#/${kind}`, detail: 'exactly one of mediaId, url and data is needed' },
      ]);
    }
    if (mediaId !== undefined) return this.reuse(mediaId, context);
    const { maxBytes } = MEDIA_LIMITS[kind];
    if (data !== undefined) return this.store(Buffer.from(data, 'base64'), 'base64', { source, context, maxBytes });
    const answer = await this.egress.request(url ?? '', { maxBytes, timeoutMs: FETCH_TIMEOUT_MS });
    if (answer.status !== 200) {
      answer.body.destroy();
      throw new MediaUnsuitableError(`Its address answered with status ${String(answer.status)}.`);
    }
    return this.store(answer.body, 'url', { source, context, maxBytes });
  }

  /** Of another session of the same person it is copied in name only: the bytes are there. */
  private async reuse(mediaId: string, { principal }: MediaContext): Promise<Media> {
    const media = await this.get(mediaId, principal);
    await this.media.touch(mediaId);
    return media;
  }

  private store(
    bytes: Readable | Buffer,
    origin: MediaOrigin,
    given: { readonly source: MediaSource; readonly context: MediaContext; readonly maxBytes: number },
  ): Promise<Media> {
    const { source, context, maxBytes } = given;
    const fileName = source.fileName ?? (source.url === undefined ? null : fileNameOf(source.url));
    const owner = ownerOf(context.principal);
    return this.library.store(bytes, { source: origin, sessionId: context.sessionId, fileName, owner, maxBytes });
  }
}
