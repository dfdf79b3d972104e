import { type Json } from './base/json.js';

/** A business phone number, as `GET /{phone-number-id}` tells it (Cloud API, Reference, Phone Numbers). */
export interface NumberOptions {
  readonly id: string;
  /** With its country code, as `+1 555-010-0001`. */
  readonly displayPhoneNumber: string;
  readonly verifiedName?: string;
}

/** A WhatsApp Business Account with its numbers. */
export interface AccountOptions {
  readonly id: string;
  readonly name?: string;
  readonly numbers?: readonly NumberOptions[];
}

/** A Meta app: it signs what it sends, and its token reaches its accounts only. */
export interface AppOptions {
  readonly id?: string;
  readonly secret?: string;
  readonly accessToken?: string;
  /** Where notifications go; without it they are kept nowhere and counted. */
  readonly webhookUrl?: string | undefined;
  readonly verifyToken?: string;
  readonly accounts?: readonly AccountOptions[];
}

export interface StandInOptions {
  readonly host?: string;
  /** 0: any free one. */
  readonly port?: number;
  readonly apps?: readonly AppOptions[];
  /** The same seed makes the same ids and the same chances. */
  readonly seed?: number;
  /** How many records of each kind are remembered. */
  readonly recordLimit?: number;
  /** How many bytes of media are kept; the oldest go first. */
  readonly mediaBytes?: number;
  /** Settings from the start, and again after every reset; the same as `PUT /_control/behaviour` takes. */
  readonly behaviour?: Json;
  /** Whether only this machine may use the control API. */
  readonly isControlLocal?: boolean;
}

type Complete<T> = { readonly [Key in keyof T]-?: Exclude<T[Key], undefined> };

export type ResolvedAccount = Omit<Complete<AccountOptions>, 'numbers'> & {
  readonly numbers: readonly Complete<NumberOptions>[];
};
export type ResolvedApp = Omit<Complete<AppOptions>, 'accounts' | 'webhookUrl'> & {
  readonly webhookUrl: string | undefined;
  readonly accounts: readonly ResolvedAccount[];
};
export type ResolvedOptions = Omit<Complete<StandInOptions>, 'apps'> & { readonly apps: readonly ResolvedApp[] };

const DEFAULT_RECORDS = 10_000;
const DEFAULT_MEDIA_BYTES = 256 * 1024 * 1024;

export const DEFAULT_NUMBER: NumberOptions = { id: '300000000000001', displayPhoneNumber: '+1 555-010-0001' };
export const DEFAULT_ACCOUNT: AccountOptions = { id: '200000000000001', numbers: [DEFAULT_NUMBER] };

/** Known to everybody, as befits a server that guards nothing; the program prints them. */
const DEFAULT_APP = {
  id: '100000000000001',
  secret: 'stand-in-app-secret',
  accessToken: 'stand-in-access-token',
  verifyToken: 'stand-in-verify-token',
};

const resolveAccount = ({ id, name = 'Stand-in', numbers = [] }: AccountOptions): ResolvedAccount => ({
  id,
  name,
  numbers: numbers.map((number) => ({ verifiedName: name, ...number })),
});

const resolveApp = ({ accounts = [DEFAULT_ACCOUNT], webhookUrl, ...app }: AppOptions): ResolvedApp => ({
  ...DEFAULT_APP,
  ...app,
  webhookUrl,
  accounts: accounts.map(resolveAccount),
});

export const resolveOptions = ({ apps = [{}], ...options }: StandInOptions): ResolvedOptions => ({
  host: '127.0.0.1',
  port: 0,
  seed: 1,
  recordLimit: DEFAULT_RECORDS,
  mediaBytes: DEFAULT_MEDIA_BYTES,
  behaviour: {},
  isControlLocal: true,
  ...options,
  apps: apps.map(resolveApp),
});
