/** Every setting of the simulator; change them at the start, or by the control API while it runs. */
export interface SimConfig {
  readonly version: string;

  /** How long the first and each further QR reference lives, and how many there are. */
  readonly qrFirstMs: number;
  readonly qrNextMs: number;
  readonly qrCount: number;

  readonly openingMs: number;
  readonly pairingMs: number;
  readonly pairDelayMs: number;
  /** From CONNECTED to hasSynced, divided into `syncSteps`. */
  readonly syncDelayMs: number;
  readonly syncSteps: number;
  readonly timeoutStateMs: number;
  readonly reconnectMaxMs: number;
  readonly reloadAfterPair: boolean;
  readonly clearRefOnLogin: boolean;
  /** WhatsApp has removed Cmd.refreshQR; true brings it back. */
  readonly cmdRefreshQR: boolean;
  readonly logoutMode: LogoutMode;
  readonly logoutNavigateDelayMs: number;
  readonly offlineDelivery: 'before-sync' | 'after-sync';
  readonly offlineAfterMs: number;

  readonly serverAckMs: number;
  readonly deviceAckMs: number;
  /** How far acks go by themselves: 0 none, 1 server, 2 delivered, 3 read. */
  readonly autoAck: number;
  readonly readAckMs: number;
  readonly rpcMs: number;
  readonly linkPreview: boolean;
  readonly linkPreviewMs: number;
  /** The page itself fetches what it previews. */
  readonly linkPreviewFetch: boolean;
  readonly historyPerChat: number;
  /** A message to a phone that is itself a simulated account arrives there. */
  readonly crossDeliver: boolean;

  readonly unregisteredPattern: string | null;
  readonly unregisteredSend: 'throw' | 'ack-error';
  readonly lidMode: boolean;

  readonly stuck: 'opening' | 'opening-nosocket' | 'sync' | 'nodebug' | 'noidle' | null;
  readonly strictModules: boolean;
  readonly legacyModules: boolean;
  readonly removeModules: readonly string[];
  readonly strictImages: boolean;
  readonly ballastMb: number;
  readonly stallLoad: boolean;
  readonly httpStatus: number;
  /** A profile paired with an earlier run of the simulator is still linked. */
  readonly trustUnknownDevices: boolean;
  readonly uploadMaxBytes: number;
}

/** What the page does after the phone has removed it. */
export type LogoutMode = 'navigate' | 'unpaired' | 'unpaired+navigate' | 'stay';

export const DEFAULT_CONFIG: SimConfig = {
  version: '2.3000.1031490220',
  qrFirstMs: 60_000,
  qrNextMs: 20_000,
  qrCount: 6,
  openingMs: 150,
  pairingMs: 200,
  pairDelayMs: 150,
  syncDelayMs: 500,
  syncSteps: 4,
  timeoutStateMs: 200,
  reconnectMaxMs: 1000,
  reloadAfterPair: false,
  clearRefOnLogin: true,
  cmdRefreshQR: false,
  logoutMode: 'navigate',
  logoutNavigateDelayMs: 200,
  offlineDelivery: 'before-sync',
  offlineAfterMs: 300,
  serverAckMs: 40,
  deviceAckMs: 120,
  autoAck: 2,
  readAckMs: 200,
  rpcMs: 5,
  linkPreview: false,
  linkPreviewMs: 50,
  linkPreviewFetch: false,
  historyPerChat: 20,
  crossDeliver: true,
  unregisteredPattern: '^999',
  unregisteredSend: 'throw',
  lidMode: false,
  stuck: null,
  strictModules: false,
  legacyModules: true,
  removeModules: [],
  strictImages: false,
  ballastMb: 0,
  stallLoad: false,
  httpStatus: 200,
  trustUnknownDevices: true,
  uploadMaxBytes: 200 * 1024 * 1024,
};

const PAGE_SETTINGS = [
  'version',
  'openingMs',
  'pairingMs',
  'syncDelayMs',
  'syncSteps',
  'timeoutStateMs',
  'reconnectMaxMs',
  'reloadAfterPair',
  'clearRefOnLogin',
  'cmdRefreshQR',
  'logoutMode',
  'logoutNavigateDelayMs',
  'offlineDelivery',
  'offlineAfterMs',
  'lidMode',
  'linkPreviewFetch',
  'stuck',
  'strictModules',
  'strictImages',
  'legacyModules',
  'removeModules',
  'ballastMb',
] as const satisfies readonly (keyof SimConfig)[];

/** The settings that a page gets when it is loaded. */
export type PageConfig = Pick<SimConfig, (typeof PAGE_SETTINGS)[number]>;

export function pageConfigOf(config: SimConfig): PageConfig {
  return Object.fromEntries(PAGE_SETTINGS.map((name) => [name, config[name]])) as unknown as PageConfig;
}

/** Whether a name is one of the simulator's settings. */
export function isSetting(name: string): name is keyof SimConfig {
  return name in DEFAULT_CONFIG;
}
