import { randomBytes } from 'node:crypto';

import type { DownloadedMedia, InboundContent, InboundType } from '../engine.content.js';
import { FileTooLargeError } from '../engine.errors.js';
import type { EngineReports, InboundMessage } from '../engine.port.js';
import { generateFile } from './generated-file.js';
import type { SandboxRepository } from './sandbox.repository.js';

const REMEMBERED_FILES = 100;
const PAGE = 100;

/** A file that a contact sends: its bytes in Base64, or how many of them are made up when somebody fetches it. */
export type WrittenMedia = { readonly mimeType: string; readonly fileName: string | null } & (
  { readonly data: string } | { readonly size: number }
);

/** What a contact writes; the rest is made up. */
export interface WrittenMessage {
  readonly from: string;
  readonly type: InboundType;
  readonly text: string | null;
  readonly id?: string;
  readonly group?: string;
  readonly content?: InboundContent;
  readonly replyTo?: string;
  readonly media?: WrittenMedia;
}

export const newSandboxId = (): string => `sbx_${randomBytes(12).toString('hex')}`;

const sizeOf = (media: WrittenMedia): number =>
  'data' in media ? Buffer.byteLength(media.data, 'base64') : media.size;

/** What contacts write to a pretend phone: handed over, or kept while the session is away. */
export class SandboxInbox {
  private readonly files = new Map<string, WrittenMedia>();

  constructor(
    private readonly sessionId: string,
    private readonly reports: EngineReports,
    private readonly repository: SandboxRepository,
  ) {}

  /** Resolves when it is stored. */
  async deliver(written: WrittenMessage, to: string | null, isCatchUp = false): Promise<InboundMessage> {
    const { from, type, text, media, group = null, content = null, replyTo = null } = written;
    const providerMessageId = written.id ?? newSandboxId();
    if (media) this.keep(providerMessageId, media);
    const notice = media && { mimeType: media.mimeType, fileName: media.fileName, sizeBytes: sizeOf(media) };
    const message: InboundMessage = {
      ...{ providerMessageId, from, to, group, type, text, content, isCatchUp },
      ...{ media: notice ?? null, quotedProviderMessageId: replyTo, at: new Date() },
    };
    await this.reports.received(message);
    return message;
  }

  /** Hands over what was written while the session was away, oldest first, and says when that is done. */
  async catchUp(to: string): Promise<void> {
    for (;;) {
      const pending = await this.repository.findPending(this.sessionId, PAGE);
      for (const { id, message } of pending) {
        await this.deliver(message, to, true);
        await this.repository.removePending(id);
      }
      if (pending.length < PAGE) break;
    }
    await this.reports.caughtUp();
  }

  /** Null once the pretend phone has forgotten it: it keeps the last few files while the session is open. */
  download(providerMessageId: string, maxBytes: number): Promise<DownloadedMedia | null> {
    const media = this.files.get(providerMessageId);
    if (media === undefined) return Promise.resolve(null);
    if (sizeOf(media) > maxBytes) return Promise.reject(new FileTooLargeError(maxBytes));
    const { mimeType, fileName } = media;
    const data = 'data' in media ? Buffer.from(media.data, 'base64') : generateFile(mimeType, media.size);
    return Promise.resolve({ mimeType, fileName, data });
  }

  private keep(id: string, media: WrittenMedia): void {
    const [oldest] = this.files.keys();
    if (this.files.size >= REMEMBERED_FILES && oldest !== undefined) this.files.delete(oldest);
    this.files.set(id, media);
  }
}
