import type { EngineCapability } from '../engine.capabilities.js';
import type { DownloadedMedia } from '../engine.content.js';
import { UnsupportedByEngineError } from '../engine.errors.js';
import type {
  AckLevel,
  Contact,
  EngineHandle,
  Group,
  NumberCheck,
  Profile,
  SendCommand,
  SentMessage,
} from '../engine.port.js';
import { renewQrReferences } from './page/document.js';
import type { WebOpening } from './web-opening.js';
import type { WebTimings } from './web-timings.js';

/** What the caller may do with one opening. */
export class WebHandle implements EngineHandle {
  constructor(
    private readonly opening: WebOpening,
    private readonly timings: WebTimings,
    private readonly forget: () => Promise<void>,
  ) {}

  send(command: SendCommand): Promise<SentMessage> {
    return this.opening.sender.send(command);
  }

  newMessageId(): string {
    return this.opening.sender.newMessageId();
  }

  findMessage(providerMessageId: string): Promise<AckLevel | null> {
    return this.opening.sender.findMessage(providerMessageId);
  }

  async refreshQr(): Promise<void> {
    const { client } = this.opening;
    const state = await client.call('Asking for a new QR', this.timings.lookupMs, renewQrReferences);
    if (!state.startsWith('UNPAIRED')) throw new Error(`No QR is shown while WhatsApp is ${state}.`);
  }

  /** A send under way has asked the page itself; with many of them waiting there is never a moment without one. */
  async probe(): Promise<void> {
    const { sender } = this.opening;
    if (!sender.isBusy) await sender.requireConnection();
    else if (sender.trouble) throw sender.trouble;
  }

  close(): Promise<void> {
    return this.opening.close();
  }

  async logout(): Promise<void> {
    // Of an opening that is over the login is left to remove, unless the session is open anew: then it is not ours.
    if (!(await this.opening.logout())) await this.forget();
  }

  requestPairingCode(): Promise<string> {
    return this.cannot('pairing-code');
  }

  checkNumber(): Promise<NumberCheck> {
    return this.cannot('number-check');
  }

  downloadMedia(): Promise<DownloadedMedia | null> {
    return this.cannot('media-in');
  }

  markRead(): Promise<void> {
    return this.cannot('mark-read');
  }

  setTyping(): Promise<void> {
    return this.cannot('typing');
  }

  profile(): Promise<Profile> {
    return this.cannot('profile');
  }

  contacts(): Promise<readonly Contact[]> {
    return this.cannot('contact-list');
  }

  groups(): Promise<readonly Group[]> {
    return this.cannot('groups');
  }

  private cannot(capability: EngineCapability): Promise<never> {
    return Promise.reject(new UnsupportedByEngineError('web', capability));
  }
}
