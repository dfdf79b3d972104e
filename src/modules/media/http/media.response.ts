import type { Page } from '../../../kernel/page.js';
import type { Media } from '../domain/media.js';
import type { CleanupReport } from '../media-cleanup.js';

export class MediaResponse {
  readonly id: string;
  /** As the bytes say. */
  readonly mimeType: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  readonly fileName: string | null;
  /** upload, url, base64 or inbound. */
  readonly source: string;
  readonly sessionId: string | null;
  readonly createdAt: string;

  private constructor(media: Media) {
    this.id = media.id;
    this.mimeType = media.mimeType;
    this.size = media.size;
    this.sha256 = media.sha256;
    this.fileName = media.fileName;
    this.source = media.source;
    this.sessionId = media.sessionId;
    this.createdAt = media.createdAt.toISOString();
  }

  static from(media: Media): MediaResponse {
    return new MediaResponse(media);
  }
}

export class MediaPageResponse {
  readonly data: MediaResponse[];
  /** Hand it back for the next page; null at the end. */
  readonly nextCursor: string | null;

  private constructor({ data, nextCursor }: Page<Media>) {
    this.data = data.map((media) => MediaResponse.from(media));
    this.nextCursor = nextCursor;
  }

  static from(page: Page<Media>): MediaPageResponse {
    return new MediaPageResponse(page);
  }
}

export class CleanupResponse {
  readonly dryRun: boolean;
  readonly files: number;
  readonly bytes: number;
  /** Bytes in the store that no file refers to, in blobs. */
  readonly orphans: number;

  private constructor({ files, bytes, orphans }: CleanupReport, dryRun: boolean) {
    this.dryRun = dryRun;
    this.files = files;
    this.bytes = bytes;
    this.orphans = orphans;
  }

  static from(report: CleanupReport, dryRun: boolean): CleanupResponse {
    return new CleanupResponse(report, dryRun);
  }
}
