import type { SimConfig } from './server/config.ts';
import type {
  AccountSelector,
  AccountView,
  BurstResult,
  DropConnectionRequest,
  ExpireQrRequest,
  FaultPlan,
  Group,
  GroupRequest,
  Health,
  IncomingBurstRequest,
  IncomingRequest,
  IncomingResult,
  LogoutRequest,
  LogoutResult,
  MessageSelector,
  NumberEntry,
  PageSelector,
  PageView,
  PairCodeRequest,
  PairResult,
  ScanRequest,
} from './server/contract.ts';
import type {
  ActionFilter,
  ActionRecord,
  EventFilter,
  SentFilter,
  SentRecord,
  SimEvent,
  WaitFilter,
} from './server/records.ts';

/** What the control API answers when it refuses a call. */
export class SimControlError extends Error {
  readonly status: number;

  constructor(path: string, status: number, reason: string) {
    super(`${path}: ${String(status)} ${reason}`);
    this.name = 'SimControlError';
    this.status = status;
  }
}

/** Plays the phone, the contacts and the network of a running simulator, from a test. */
export class SimControl {
  private readonly baseUrl: string;

  constructor(baseUrl: string) {
    this.baseUrl = baseUrl;
  }

  health(): Promise<Health> {
    return this.get('/health');
  }

  readConfig(): Promise<SimConfig> {
    return this.get('/config');
  }

  /** Changes settings; those of the page reach pages that are loaded afterwards. */
  config(settings: Partial<SimConfig>): Promise<SimConfig> {
    return this.post('/config', settings);
  }

  /** Back to the settings that the simulator was started with. */
  resetConfig(): Promise<SimConfig> {
    return this.post('/config/reset');
  }

  /** Every page that is connected now, with the QR that it shows. */
  sessions(): Promise<PageView[]> {
    return this.get('/sessions');
  }

  accounts(): Promise<AccountView[]> {
    return this.get('/accounts');
  }

  groups(): Promise<Group[]> {
    return this.get('/groups');
  }

  /** Every message that reached the service. */
  sent(filter: SentFilter = {}): Promise<SentRecord[]> {
    return this.get('/sent', filter);
  }

  actions(filter: ActionFilter = {}): Promise<ActionRecord[]> {
    return this.get('/actions', filter);
  }

  events(filter: EventFilter = {}): Promise<SimEvent[]> {
    return this.get('/events', filter);
  }

  /** Waits for the next event that fits; with `since` one that has happened already counts too. */
  wait(filter: WaitFilter = {}): Promise<SimEvent> {
    return this.get('/wait', filter);
  }

  /** The bytes of a file, as uploaded by a page or given to an incoming message. */
  async media(directPath: string): Promise<Buffer> {
    const path = `/media${directPath}`;
    const response = await fetch(`${this.baseUrl}/control${path}`);
    if (!response.ok) throw new SimControlError(path, response.status, await response.text());
    return Buffer.from(await response.arrayBuffer());
  }

  /** The phone scans a QR. */
  scan(request: ScanRequest): Promise<PairResult> {
    return this.post('/scan', request);
  }

  /** The phone enters a pairing code. */
  pairCode(request: PairCodeRequest): Promise<PairResult> {
    return this.post('/pair-code', request);
  }

  /** The next QR now, or with `idle` none any more. */
  expireQr(request: ExpireQrRequest = {}): Promise<PageView> {
    return this.post('/expire-qr', request);
  }

  /** Somebody writes to the account. */
  incoming(request: IncomingRequest): Promise<IncomingResult> {
    return this.post('/incoming', request);
  }

  /** Somebody writes many messages to the account. */
  incomingBurst(request: IncomingBurstRequest): Promise<BurstResult> {
    return this.post('/incoming', request);
  }

  /** Moves a sent message on: -1 error, 1 server, 2 delivered, 3 read, 4 played. */
  ack(id: string, ack: number): Promise<SentRecord> {
    return this.post('/ack', { id, ack });
  }

  revoke(request: MessageSelector): Promise<{ id: string }> {
    return this.post('/revoke', request);
  }

  edit(request: MessageSelector & { readonly body: string }): Promise<{ id: string }> {
    return this.post('/edit', request);
  }

  reaction(request: MessageSelector & { readonly from: string; readonly text: string }): Promise<{ id: string }> {
    return this.post('/reaction', request);
  }

  call(request: AccountSelector & { readonly from: string; readonly video?: boolean }): Promise<{ id: string }> {
    return this.post('/call', request);
  }

  /** The phone removes the linked device; works while no page is connected. */
  logout(request: LogoutRequest = {}): Promise<LogoutResult> {
    return this.post('/logout', request);
  }

  /** The network of a device goes down. */
  dropConnection(request: DropConnectionRequest = {}): Promise<{ dropped: string[] }> {
    return this.post('/drop-connection', request);
  }

  restoreConnection(): Promise<{ restored: number }> {
    return this.post('/restore-connection');
  }

  /** WhatsApp is opened elsewhere on the same device. */
  conflict(selector: PageSelector = {}): Promise<{ page: string }> {
    return this.post('/conflict', selector);
  }

  /** Sets the page's socket state by force. */
  state(request: PageSelector & { readonly state: string; readonly paired?: boolean }): Promise<{ page: string }> {
    return this.post('/state', request);
  }

  /** hasSynced goes to false and back to true. */
  resync(selector: PageSelector = {}): Promise<{ page: string }> {
    return this.post('/resync', selector);
  }

  /** The page reloads by itself. */
  reload(selector: PageSelector = {}): Promise<{ page: string }> {
    return this.post('/reload', selector);
  }

  /** The page navigates within the document. */
  pushstate(request: PageSelector & { readonly unpaired?: boolean } = {}): Promise<{ page: string }> {
    return this.post('/pushstate', request);
  }

  /** The page's main thread is busy. */
  hang(request: PageSelector & { readonly ms?: number } = {}): Promise<{ page: string }> {
    return this.post('/hang', request);
  }

  /** The page uses memory until its process dies. */
  oom(selector: PageSelector = {}): Promise<{ page: string }> {
    return this.post('/oom', selector);
  }

  /** Runs a script in the page; the result comes as a note of kind `eval`. */
  evaluate(request: PageSelector & { readonly js: string }): Promise<{ page: string }> {
    return this.post('/eval', request);
  }

  /** Changes settings of a page that is open. */
  pageConfig(request: AccountSelector & Partial<SimConfig>): Promise<{ page: string }> {
    return this.post('/page-config', request);
  }

  /** The next times that a page does something, it fails. */
  fail(plan: FaultPlan): Promise<FaultPlan[]> {
    return this.post('/fail', plan);
  }

  clearFaults(): Promise<FaultPlan[]> {
    return this.request('DELETE', '/fail');
  }

  /** Says what is known about a number: registered or not, its name, its LID, … */
  registered(entry: NumberEntry): Promise<NumberEntry> {
    return this.post('/registered', entry);
  }

  group(request: GroupRequest): Promise<Group> {
    return this.post('/group', request);
  }

  /** Forgets records and faults; with `all` accounts, numbers, groups and devices too. */
  reset(request: { readonly all?: boolean } = {}): Promise<{ ok: boolean }> {
    return this.post('/reset', request);
  }

  private get<T>(path: string, filter: object = {}): Promise<T> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, String(value));
    return this.request('GET', query.size > 0 ? `${path}?${query.toString()}` : path);
  }

  private post<T>(path: string, body: object = {}): Promise<T> {
    return this.request('POST', path, body);
  }

  private async request<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.baseUrl}/control${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new SimControlError(path, response.status, (answer as { error: string }).error);
    return answer as T;
  }
}
