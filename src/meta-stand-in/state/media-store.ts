import { createHash } from 'node:crypto';

import { type App } from './directory.js';

export interface Media {
  readonly id: string;
  readonly app: App;
  readonly phoneNumberId: string;
  readonly mimeType: string;
  readonly bytes: Buffer;
  readonly origin: 'upload' | 'inbound';
  readonly storedMs: number;
}

const DAY_MS = 86_400_000;
/** How long an id can be used: 30 days after an upload, 7 days from a webhook ("Media"). */
const LIFE_MS = { upload: 30 * DAY_MS, inbound: 7 * DAY_MS };

/** Files by their id; the oldest go when there is no more room. */
export class MediaStore {
  private readonly files = new Map<string, Media>();
  private storedBytes = 0;

  constructor(
    private readonly maxBytes: number,
    private readonly nowMs: () => number,
  ) {}

  add(media: Omit<Media, 'storedMs'>): Media {
    const stored = { ...media, storedMs: this.nowMs() };
    this.files.set(stored.id, stored);
    this.storedBytes += stored.bytes.length;
    while (this.storedBytes > this.maxBytes && this.files.size > 1) {
      const [oldest = ''] = this.files.keys();
      this.delete(oldest);
    }
    return stored;
  }

  /** Those whose id is still good. */
  find(id: string): Media | undefined {
    const media = this.files.get(id);
    if (media === undefined || this.nowMs() - media.storedMs >= LIFE_MS[media.origin]) return undefined;
    return media;
  }

  delete(id: string): void {
    this.storedBytes -= this.files.get(id)?.bytes.length ?? 0;
    this.files.delete(id);
  }

  clear(): void {
    this.files.clear();
    this.storedBytes = 0;
  }
}

/** Hexadecimal when it is asked for, base64 in webhooks. */
export const sha256Of = ({ bytes }: Media, encoding: 'hex' | 'base64'): string =>
  createHash('sha256').update(bytes).digest(encoding);
