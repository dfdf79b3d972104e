import { type ResolvedApp } from '../options.js';

/** Where notifications go, with the token that proved it. */
export interface Callback {
  readonly url: string;
  readonly verifyToken: string;
}

export interface App {
  readonly id: string;
  readonly secret: string;
  callback: Callback | undefined;
}

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly app: App;
  isSubscribed: boolean;
  override: Callback | undefined;
}

export interface PhoneNumber {
  readonly id: string;
  readonly account: Account;
  readonly displayPhoneNumber: string;
  verifiedName: string;
  nameStatus: string;
  status: string;
  qualityRating: string;
  throughputLevel: string;
  messagingLimitTier: string;
  codeVerificationStatus: string;
  pin: string | undefined;
  override: Callback | undefined;
  profile: Record<string, unknown>;
  registrations: number[];
}

/** What an access token may do; it is bound to an app. */
export interface Token {
  readonly value: string;
  readonly app: App;
  readonly issuedAt: number;
  scopes: string[];
  /** The subcode of error 190 when the token is no longer good. */
  invalidSubcode: number | undefined;
}

/** The states of a number from which messages leave. */
export const SENDING_STATUSES: readonly string[] = ['CONNECTED', 'FLAGGED', 'RESTRICTED'];

const SCOPES = ['whatsapp_business_management', 'whatsapp_business_messaging'];

export const digitsOf = (phone: string): string => phone.replaceAll(/\D/g, '');

/** Apps, accounts, numbers and tokens. */
export class Directory {
  readonly apps = new Map<string, App>();
  readonly accounts = new Map<string, Account>();
  readonly numbers = new Map<string, PhoneNumber>();
  readonly tokens = new Map<string, Token>();

  constructor(
    private readonly options: readonly ResolvedApp[],
    private readonly seconds: () => number,
  ) {
    this.reset();
  }

  reset(): void {
    for (const map of [this.apps, this.accounts, this.numbers, this.tokens]) map.clear();
    for (const options of this.options) this.addApp(options);
  }

  addToken(value: string, app: App, scopes: readonly string[] = SCOPES): Token {
    const token = { value, app, issuedAt: this.seconds(), scopes: [...scopes], invalidSubcode: undefined };
    this.tokens.set(value, token);
    return token;
  }

  numbersOf(account: Account): PhoneNumber[] {
    return [...this.numbers.values()].filter((number) => number.account === account);
  }

  private addApp({ id, secret, accessToken, webhookUrl, verifyToken, accounts }: ResolvedApp): void {
    const app: App = { id, secret, callback: webhookUrl === undefined ? undefined : { url: webhookUrl, verifyToken } };
    this.apps.set(id, app);
    this.addToken(accessToken, app);
    for (const { numbers, ...rest } of accounts) {
      const account: Account = { id: rest.id, name: rest.name, app, isSubscribed: true, override: undefined };
      this.accounts.set(account.id, account);
      for (const number of numbers) {
        this.numbers.set(number.id, {
          ...number,
          account,
          nameStatus: 'APPROVED',
          status: 'CONNECTED',
          qualityRating: 'GREEN',
          throughputLevel: 'STANDARD',
          messagingLimitTier: 'TIER_1K',
          codeVerificationStatus: 'VERIFIED',
          pin: undefined,
          override: undefined,
          profile: { about: '', vertical: 'OTHER' },
          registrations: [],
        });
      }
    }
  }
}
