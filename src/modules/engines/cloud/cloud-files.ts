import type { DownloadedMedia } from '../engine.content.js';
import { FileTooLargeError } from '../engine.errors.js';
import type { CloudNumber } from './cloud-number.js';
import type { CloudUpdate } from './cloud-update.js';
import type { CloudUpdateRepository } from './cloud-update.repository.js';
import { GraphCallError } from './graph-call-error.js';
import type { GraphClient } from './graph-client.js';
import { messageKey } from './stored-update.js';
import { asRecord, numberAt, textAt } from './untrusted-json.js';

/** An address lives for five minutes; one that is dead when it is used is asked for once more. */
const TRIES = 2;
/** "Error codes": the parameter names nothing that there is, or nothing that we may see. */
const GONE = 100;

interface FileAddress {
  readonly url: string;
  readonly mimeType: string | null;
}

/** Fetches the files of inbound messages: "Retrieve media URL", then "Download media". */
export class CloudFiles {
  constructor(
    private readonly number: Pick<CloudNumber, 'phoneNumberId' | 'accessToken'>,
    private readonly graph: GraphClient,
    private readonly updates: CloudUpdateRepository,
  ) {}

  /** Null when Meta has it no more, or never had. */
  async download(providerMessageId: string, maxBytes: number): Promise<DownloadedMedia | null> {
    const message = await this.find(providerMessageId);
    if (message === null) return null;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const address = await this.addressOf(message.mediaId, maxBytes);
      if (address === null) return null;
      const data = await this.graph.download(address.url, this.number.accessToken, maxBytes);
      if (data !== null) return { mimeType: address.mimeType, fileName: message.fileName, data };
    }
    return null;
  }

  private async find(
    providerMessageId: string,
  ): Promise<{ readonly mediaId: string; readonly fileName: string | null } | null> {
    const key = messageKey(this.number.phoneNumberId, providerMessageId);
    const update = (await this.updates.findBody(key)) as CloudUpdate | null;
    if (update?.kind !== 'message') return null;
    const { message, extra } = update.inbound;
    return extra.media === null ? null : { mediaId: extra.media.id, fileName: message.media?.fileName ?? null };
  }

  private async addressOf(mediaId: string, maxBytes: number): Promise<FileAddress | null> {
    const { phoneNumberId, accessToken: token } = this.number;
    try {
      const query = { phone_number_id: phoneNumberId };
      const answer = asRecord(
        await this.graph.call({ method: 'GET', path: encodeURIComponent(mediaId), query, token }),
      );
      if ((numberAt(answer, 'file_size') ?? 0) > maxBytes) throw new FileTooLargeError(maxBytes);
      const url = textAt(answer, 'url');
      return url === null ? null : { url, mimeType: textAt(answer, 'mime_type') };
    } catch (error) {
      if (error instanceof GraphCallError && error.code === GONE) return null;
      throw error;
    }
  }
}
