import { parsePhoneNumber, phoneDigits, type PhoneNumber } from '../../../kernel/phone-number.js';
import type { DownloadedMedia } from '../engine.content.js';
import type { EngineCapability } from '../engine.capabilities.js';
import { SessionNotConnectedError, UnsupportedByEngineError } from '../engine.errors.js';
import type {
  AckLevel,
  Contact,
  EngineHandle,
  EngineReports,
  Group,
  LinkedNumber,
  LossCause,
  NumberCheck,
  Profile,
  SendCommand,
  SentMessage,
} from '../engine.port.js';
import { CloudFeed } from './cloud-feed.js';
import { CloudFiles } from './cloud-files.js';
import type { CloudLines } from './cloud-lines.js';
import type { CloudNumber } from './cloud-number.js';
import { CloudSender } from './cloud-sender.js';
import type { CloudUpdateRepository } from './cloud-update.repository.js';
import { CloudUploads } from './cloud-uploads.js';
import { GraphCallError } from './graph-call-error.js';
import type { GraphClient } from './graph-client.js';
import { asRecord, type JsonRecord, recordsAt, textAt } from './untrusted-json.js';

/** Calls to Meta are counted: one that has just succeeded is a sign of life as good as any. */
const PROBE_EVERY_MS = 60_000;
/** How long an opening waits for what was told while nobody listened. */
const CATCH_UP_MS = 20_000;
const FIRST_TRY = 1;

export interface CloudTools {
  readonly graph: GraphClient;
  readonly updates: CloudUpdateRepository;
  readonly lines: CloudLines;
  /** Removes the credentials of a session, and what was told about its number. */
  readonly forget: (sessionId: string) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Meta's test numbers are of no country; they are numbers all the same. */
const phoneOf = (shown: string): PhoneNumber => parsePhoneNumber(shown) ?? (`+${phoneDigits(shown)}` as PhoneNumber);

const refuse = (capability: EngineCapability): Promise<never> =>
  Promise.reject(new UnsupportedByEngineError('cloud', capability));

/** One open number of the Cloud API. There is no connection to keep: it is open as long as Meta takes its token. */
export class CloudHandle implements EngineHandle {
  private readonly sender: CloudSender;
  private readonly files: CloudFiles;
  private readonly feed: CloudFeed;
  private linked: LinkedNumber | null = null;
  private provenAt = 0;
  private isOpen = true;
  private isClosed = false;

  constructor(
    private readonly number: CloudNumber,
    private readonly reports: EngineReports,
    private readonly tools: CloudTools,
  ) {
    const { phoneNumberId, accessToken } = number;
    const { graph, updates, lines, onError } = tools;
    const onCall = (error: GraphCallError | null): void => {
      this.learn(error);
    };
    const uploads = new CloudUploads(graph, number);
    this.sender = new CloudSender({ phoneNumberId, accessToken, graph, uploads, onCall });
    this.files = new CloudFiles(number, graph, updates);
    this.feed = new CloudFeed({ phoneNumberId, reports, updates, lines, onError });
  }

  /** Asks Meta for the number; whether it answers is reported. */
  async begin(signal: AbortSignal): Promise<void> {
    try {
      this.linked = await this.readNumber(signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof GraphCallError)) throw error;
      // What parks the session is reported by then.
      await this.lose('connection', error.message);
      return;
    }
    this.reports.authenticated();
    // First: what has arrived is not to be taken for unsent by whoever begins to send.
    await this.feed.start(CATCH_UP_MS);
    signal.throwIfAborted();
    this.reports.ready(this.linked);
    this.reports.caughtUp().catch(this.tools.onError);
  }

  send(command: SendCommand): Promise<SentMessage> {
    if (this.isOpen && this.linked !== null) return this.sender.send(command);
    return Promise.reject(new SessionNotConnectedError('session-not-open', 'The number is not connected.'));
  }

  /** Meta gives the ids. */
  newMessageId(): null {
    return null;
  }

  /** The Cloud API tells of a message by webhooks alone. */
  findMessage(): Promise<AckLevel | null> {
    return Promise.resolve(null);
  }

  refreshQr(): Promise<void> {
    return refuse('qr');
  }

  requestPairingCode(): Promise<string> {
    return refuse('pairing-code');
  }

  checkNumber(): Promise<NumberCheck> {
    return refuse('number-check');
  }

  downloadMedia(providerMessageId: string, maxBytes: number): Promise<DownloadedMedia | null> {
    return this.learnBy(this.files.download(providerMessageId, maxBytes));
  }

  markRead(): Promise<void> {
    return refuse('mark-read');
  }

  setTyping(): Promise<void> {
    return refuse('typing');
  }

  /** "Business profiles": only that of the number itself can be read. */
  async profile(phone: PhoneNumber | null): Promise<Profile> {
    const { linked } = this;
    if (linked === null || (phone !== null && phone !== linked.phone)) return refuse('profile');
    const path = `${this.number.phoneNumberId}/whatsapp_business_profile`;
    const answer = asRecord(await this.get(path, 'about,profile_picture_url'));
    const [profile = null] = recordsAt(answer, 'data');
    return {
      ...{ phone: linked.phone, name: linked.name, isBusiness: true },
      ...{ about: textAt(profile, 'about'), pictureUrl: textAt(profile, 'profile_picture_url') },
    };
  }

  contacts(): Promise<readonly Contact[]> {
    return refuse('contact-list');
  }

  groups(): Promise<readonly Group[]> {
    return refuse('groups');
  }

  async probe(): Promise<void> {
    if (!this.isOpen) throw new Error('The number is not open.');
    if (Date.now() - this.provenAt > PROBE_EVERY_MS) await this.get(this.number.phoneNumberId, 'id');
  }

  close(): Promise<void> {
    this.isClosed = true;
    return this.letGo();
  }

  /** The number stays registered with Meta: what we know of it goes. */
  async logout(): Promise<void> {
    await this.close();
    await this.tools.forget(this.number.sessionId);
  }

  private async readNumber(signal: AbortSignal): Promise<LinkedNumber> {
    const fields = 'id,display_phone_number,verified_name';
    const answer: JsonRecord | null = asRecord(await this.get(this.number.phoneNumberId, fields, signal));
    const shown = textAt(answer, 'display_phone_number');
    if (shown === null) throw new GraphCallError({ kind: 'answered', httpStatus: 200, error: null }, null);
    return { phone: phoneOf(shown), name: textAt(answer, 'verified_name') };
  }

  private get(path: string, fields: string, signal?: AbortSignal): Promise<unknown> {
    const { accessToken: token } = this.number;
    const call = { method: 'GET' as const, path, query: { fields }, token, ...(signal !== undefined && { signal }) };
    return this.learnBy(this.tools.graph.call(call));
  }

  private async learnBy<T>(call: Promise<T>): Promise<T> {
    try {
      const answer = await call;
      this.learn(null);
      return answer;
    } catch (error) {
      if (error instanceof GraphCallError) this.learn(error);
      throw error;
    }
  }

  /** A call has gone well, or tells that nothing will until somebody has changed something. */
  private learn(error: GraphCallError | null): void {
    if (error === null) this.provenAt = Date.now();
    else if (error.decide(FIRST_TRY).action === 'park-session') {
      this.lose('auth-failure', error.message).catch(this.tools.onError);
    }
  }

  private async lose(cause: LossCause, reason: string): Promise<void> {
    if (!this.isOpen) return;
    await this.letGo();
    // Whoever has closed it meanwhile hears nothing more.
    if (!this.isClosed) this.reports.lost({ cause, reason });
  }

  private async letGo(): Promise<void> {
    this.isOpen = false;
    await this.feed.stop();
  }
}
