import type { OutboundMedia } from '../engine.content.js';
import { SendDeferredError } from '../engine.errors.js';
import type { GraphClient } from './graph-client.js';
import { uploadForm } from './multipart-form.js';
import { asRecord, textAt } from './untrusted-json.js';

/** "Media": a file that was uploaded lives for thirty days; the last of them are left to messages that wait. */
const LIFE_MS = 25 * 86_400_000;
const REMEMBERED = 10_000;

interface Upload {
  readonly id: Promise<string>;
  readonly until: number;
}

/** Files that Meta has already, each uploaded once as long as it lives there. */
export class CloudUploads {
  private readonly uploads = new Map<string, Upload>();

  constructor(
    private readonly graph: GraphClient,
    private readonly number: { readonly phoneNumberId: string; readonly accessToken: string },
  ) {}

  /** Meta's id of the file. Rejects as the call does; whichever way it ends, no message has left. */
  idOf(media: OutboundMedia): Promise<string> {
    const name = `${media.sha256} ${media.mimeType}`;
    const known = this.uploads.get(name);
    if (known !== undefined && known.until > Date.now()) return known.id;
    const id = this.upload(media);
    this.remember(name, { id, until: Date.now() + LIFE_MS });
    id.catch(() => this.uploads.delete(name));
    return id;
  }

  private async upload(media: OutboundMedia): Promise<string> {
    const { phoneNumberId, accessToken: token } = this.number;
    const answer = await this.graph.call({
      ...{ method: 'POST', path: `${phoneNumberId}/media`, token },
      form: uploadForm(media),
    });
    const id = textAt(asRecord(answer), 'id');
    if (id === null) throw new SendDeferredError('upload-failed', 'Meta took the file and named no id for it.');
    return id;
  }

  private remember(name: string, upload: Upload): void {
    const [oldest] = this.uploads.keys();
    if (this.uploads.size >= REMEMBERED && oldest !== undefined) this.uploads.delete(oldest);
    this.uploads.set(name, upload);
  }
}
