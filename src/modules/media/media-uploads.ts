import type { MultipartFile } from '@fastify/multipart';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { Transactions } from '../../platform/prisma/transactions.js';
import type { Principal } from '../access/index.js';
import { AuditTrail } from '../audit/index.js';
import { SessionDirectory } from '../sessions/index.js';
import { MAX_MEDIA_BYTES } from './domain/media-limits.js';
import type { Media } from './domain/media.js';
import { type CleanupReport, MediaCleanup } from './media-cleanup.js';
import { MediaNotFoundError, MediaTooLargeError, UploadMalformedError } from './media.errors.js';
import { MediaLibrary } from './media-library.js';

const SESSION_ID = /^[a-z0-9-]{1,64}$/;
const LIMITS = { fileSize: MAX_MEDIA_BYTES, files: 1, fields: 1, parts: 2, fieldSize: 64, headerPairs: 32 };

/** What people do with files of their own. */
@Injectable()
export class MediaUploads {
  constructor(
    private readonly library: MediaLibrary,
    private readonly cleanup: MediaCleanup,
    private readonly sessions: SessionDirectory,
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
  ) {}

  /** Reads the one file of a form; a session is named before it, or not at all. */
  async upload(request: FastifyRequest, principal: Principal): Promise<Media> {
    if (!request.isMultipart()) throw new UploadMalformedError('Send multipart/form-data with one file.');
    try {
      return await this.readForm(request, principal);
    } catch (error) {
      throw this.toUploadError(error);
    }
  }

  async remove(media: Media): Promise<void> {
    const isRemoved = await this.library.remove(media, (tx) =>
      this.audit.record(tx, { action: 'media.delete', target: media.id, detail: { sessionId: media.sessionId } }),
    );
    if (!isRemoved) throw new MediaNotFoundError(media.id);
  }

  async cleanUp(isDryRun: boolean): Promise<CleanupReport> {
    const report = await this.cleanup.run({ isDryRun });
    await this.transactions.run((tx) =>
      this.audit.record(tx, { action: 'media.cleanup', detail: { isDryRun, ...report } }),
    );
    return report;
  }

  private async readForm(request: FastifyRequest, principal: Principal): Promise<Media> {
    let sessionId: string | null = null;
    for await (const part of request.parts({ limits: LIMITS })) {
      if (part.type === 'file') return this.store(part, sessionId, principal);
      sessionId = this.readSession(part.fieldname, part.value);
      await this.sessions.require(sessionId, principal);
    }
    throw new UploadMalformedError('The form holds no file.');
  }

  private store(
    { file, filename, fieldname }: MultipartFile,
    sessionId: string | null,
    { kind, id }: Principal,
  ): Promise<Media> {
    if (fieldname !== 'file') throw new UploadMalformedError('The file belongs into the field "file".');
    const storing = { source: 'upload', sessionId, fileName: filename || null, owner: { kind, id } } as const;
    return this.library.store(file, { ...storing, maxBytes: MAX_MEDIA_BYTES }, (tx, media) => {
      // Cut off at the limit by the parser: what has arrived is not the file.
      if (file.truncated) throw new MediaTooLargeError(MAX_MEDIA_BYTES);
      const detail = { sessionId, mimeType: media.mimeType, size: media.size };
      return this.audit.record(tx, { action: 'media.upload', target: media.id, detail });
    });
  }

  private readSession(name: string, value: unknown): string {
    if (name !== 'sessionId') throw new UploadMalformedError('A form has the fields "sessionId" and "file".');
    if (typeof value === 'string' && SESSION_ID.test(value)) return value;
    throw new UploadMalformedError('sessionId must be 1 to 64 of a-z, 0-9 and -.');
  }

  /** What the parser says of a form is the fault of whoever sent it. */
  private toUploadError(error: unknown): unknown {
    const { code, statusCode } = error as { readonly code?: unknown; readonly statusCode?: unknown };
    if (code === 'FST_REQ_FILE_TOO_LARGE') return new MediaTooLargeError(MAX_MEDIA_BYTES);
    const isOfTheForm = typeof code === 'string' && code.startsWith('FST_') && statusCode !== 500;
    const isCut =
      error instanceof Error && /unexpected end|premature close|multipart|boundary|aborted/i.test(error.message);
    return isOfTheForm || isCut
      ? new UploadMalformedError('The form could not be read to its end.', { cause: error })
      : error;
  }
}
