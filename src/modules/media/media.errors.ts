import { AppError } from '../../kernel/errors/app-error.js';

export class MediaNotFoundError extends AppError {
  readonly code = 'media-not-found';
  readonly kind = 'not-found';

  constructor(id: string) {
    super('There is no such file.', { extensions: { mediaId: id } });
  }
}

/** WhatsApp would not take it so. */
export class MediaUnsuitableError extends AppError {
  readonly code = 'media-unsuitable';
  readonly kind = 'unsupported';

  constructor(reason: string) {
    super(`The file cannot be sent so. ${reason}`);
  }
}

export class MediaTooLargeError extends AppError {
  readonly code = 'media-too-large';
  readonly kind = 'too-large';

  constructor(maxBytes: number) {
    super(`A file has at most ${String(maxBytes)} bytes.`, { extensions: { maxBytes } });
  }
}

/** A message that is not sent yet needs the file. */
export class MediaInUseError extends AppError {
  readonly code = 'media-in-use';
  readonly kind = 'conflict';

  constructor(id: string) {
    super('A message that waits to be sent needs the file.', { extensions: { mediaId: id } });
  }
}

export class StorageFullError extends AppError {
  readonly code = 'storage-full';
  readonly kind = 'storage-full';

  constructor(cause: unknown) {
    super('There is no room for the file. Nothing was stored.', { cause });
  }
}

export class StorageUnavailableError extends AppError {
  readonly code = 'storage-unavailable';
  readonly kind = 'unavailable';

  constructor(cause: unknown) {
    super('The media store cannot be reached. Nothing was stored; try again.', { cause, retryAfterSeconds: 5 });
  }
}

export class UploadMalformedError extends AppError {
  readonly code = 'upload-malformed';
  readonly kind = 'invalid-input';
}
