import { randomBytes } from 'node:crypto';

import type { DownloadedMedia, InboundContent, InboundType } from '../engine.content.js';
import type { EngineReports, InboundMessage } from '../engine.port.js';
import type { SandboxRepository } from './sandbox.repository.js';

const REMEMBERED_FILES = 100;
const PAGE = 100;

/** What a contact writes; the rest is made up. */
export interface WrittenMessage {
  readonly from: string;
  readonly type: InboundType;
  readonly text: string | null;
  readonly id?: string;
  readonly group?: string;
  readonly content?: InboundContent;
  readonly replyTo?: string;
  readonly media?: { readonly mimeType: string; readonly fileName: string | null; readonly data: string };
}

export const newSandboxId = (): string => `sbx_${randomBytes(12).toString('hex')}`;

/** What contacts write to a pretend phone: handed over, or kept while the session is away. */
export class SandboxInbox {
  private readonly files = new Map<string, DownloadedMedia>();

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
    const notice = media && {
      mimeType: media.mimeType,
      fileName: media.fileName,
      sizeBytes: Buffer.byteLength(media.data, 'base64'),
    };
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
  download(providerMessageId: string): DownloadedMedia | null {
    return this.files.get(providerMessageId) ?? null;
  }

  private keep(id: string, { mimeType, fileName, data }: NonNullable<WrittenMessage['media']>): void {
    const [oldest] = this.files.keys();
    if (this.files.size >= REMEMBERED_FILES && oldest !== undefined) this.files.delete(oldest);
    this.files.set(id, { mimeType, fileName, data: Buffer.from(data, 'base64') });
  }
}
