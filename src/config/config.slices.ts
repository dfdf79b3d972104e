import { isAbsolute, join, resolve } from 'node:path';

import type { Env } from './env.js';

/** What the features get to see of the environment: each its own slice, under a token of the same name. */
export interface HttpConfig {
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | undefined;
  readonly corsOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly bodyLimitBytes: number;
  readonly isProduction: boolean;
  /** A key may stand in the body as `apiKey`. */
  readonly isKeyInBodyAllowed: boolean;
}
export const HttpConfig = Symbol('HttpConfig');

export interface DatabaseConfig {
  /** The application's own role. */
  readonly url: string;
  /** The role that owns the tables; runs migrations only. */
  readonly ownerUrl: string;
  readonly poolMax: number;
}
export const DatabaseConfig = Symbol('DatabaseConfig');

export interface CacheConfig {
  readonly redisUrl: string | undefined;
}
export const CacheConfig = Symbol('CacheConfig');

export interface StorageConfig {
  readonly dataDir: string;
  /** Browser profiles of linked numbers. */
  readonly sessionPath: string;
}
export const StorageConfig = Symbol('StorageConfig');

export interface IdentityConfig {
  readonly jwtSecret: string | undefined;
  readonly encryptionKey: string | undefined;
  /** They open what they have sealed, and seal nothing. */
  readonly oldEncryptionKeys: readonly string[];
  readonly adminEmail: string | undefined;
  readonly adminPassword: string | undefined;
  readonly setupLink: 'auto' | 'log';
  readonly accessTokenTtlSeconds: number;
  readonly refreshTokenTtlDays: number;
  readonly loginAttemptsPerAccount: number;
  readonly loginAttemptsPerNetwork: number;
}
export const IdentityConfig = Symbol('IdentityConfig');

export interface MailConfig {
  readonly smtpUrl: string | undefined;
  readonly from: string;
}
export const MailConfig = Symbol('MailConfig');

export interface ChromiumConfig {
  readonly executablePath: string | undefined;
  readonly extraArgs: readonly string[];
  readonly useSandbox: boolean;
}
export const ChromiumConfig = Symbol('ChromiumConfig');

export interface SessionsConfig {
  readonly defaultEngine: 'web' | 'sandbox' | undefined;
  readonly reconnectAttempts: number;
  readonly reconnectBaseMs: number;
  readonly openTimeoutMs: number;
  readonly probeIntervalMs: number;
  readonly leaseMs: number;
}
export const SessionsConfig = Symbol('SessionsConfig');

export interface OutboxConfig {
  readonly attemptTimeoutMs: number;
  readonly maxAttempts: number;
  readonly retryBaseMs: number;
  readonly drainGraceMs: number;
}
export const OutboxConfig = Symbol('OutboxConfig');

export interface EgressConfig {
  /** `host:port` of receivers inside the own network that the operator has named. */
  readonly allowedHosts: ReadonlySet<string>;
  /** Names and addresses under which this server is reached. */
  readonly ownHosts: ReadonlySet<string>;
  readonly allowedPorts: ReadonlySet<number>;
}
export const EgressConfig = Symbol('EgressConfig');

export interface MediaConfig {
  readonly store: 'disk' | 's3';
  readonly s3: {
    readonly endpoint: string | undefined;
    readonly region: string;
    readonly bucket: string;
    readonly accessKeyId: string | undefined;
    readonly secretAccessKey: string | undefined;
    readonly isNamedByPath: boolean;
  };
  readonly unusedDays: number;
}
export const MediaConfig = Symbol('MediaConfig');

export interface LimitsConfig {
  /** Within a minute. */
  readonly requestsPerPerson: number;
  readonly requestsPerKey: number;
  readonly requestsPerNetwork: number;
  readonly sendsPerPerson: number;
  readonly sendsPerKey: number;
  /** In a day; null for no quota. */
  readonly dailyMessagesPerPerson: number | null;
}
export const LimitsConfig = Symbol('LimitsConfig');

export interface CloudConfig {
  /** Of Meta's Graph API, with its version and without a slash at its end. */
  readonly graphApiUrl: string;
}
export const CloudConfig = Symbol('CloudConfig');

const redisUrl = (env: Env): string | undefined => {
  if (env.REDIS_URL !== undefined) return env.REDIS_URL;
  if (env.REDIS_HOST === undefined) return undefined;
  const password = env.REDIS_PASSWORD === undefined ? '' : `:${encodeURIComponent(env.REDIS_PASSWORD)}@`;
  return `redis://${password}${env.REDIS_HOST}:${String(env.REDIS_PORT)}/${String(env.REDIS_DB)}`;
};

export const dataDirOf = (env: Env): string => resolve(env.DATA_DIR);

const sessionPath = (env: Env): string => {
  const path = env.WHATSAPP_SESSION_PATH ?? '.wwebjs_auth';
  return isAbsolute(path) ? path : join(dataDirOf(env), path);
};

/** Where the database is: known only after the embedded one has started. */
export type DatabaseUrls = Pick<DatabaseConfig, 'url' | 'ownerUrl'>;

interface Slice {
  readonly provide: symbol;
  readonly useValue: object;
}

const httpConfig = (env: Env): HttpConfig => ({
  host: env.HOST,
  port: env.PORT,
  publicUrl: env.PUBLIC_URL,
  corsOrigins: env.CORS_ORIGINS ?? [],
  trustedProxies: env.TRUSTED_PROXIES ?? [],
  bodyLimitBytes: env.BODY_LIMIT_BYTES,
  isProduction: env.NODE_ENV === 'production',
  isKeyInBodyAllowed: env.API_KEY_IN_BODY,
});

const identityConfig = (env: Env): IdentityConfig => ({
  jwtSecret: env.JWT_SECRET,
  encryptionKey: env.ENCRYPTION_KEY,
  oldEncryptionKeys: env.ENCRYPTION_KEYS_OLD ?? [],
  adminEmail: env.ADMIN_EMAIL,
  adminPassword: env.ADMIN_PASSWORD,
  setupLink: env.SETUP_LINK,
  accessTokenTtlSeconds: env.ACCESS_TOKEN_TTL_SECONDS,
  refreshTokenTtlDays: env.REFRESH_TOKEN_TTL_DAYS,
  loginAttemptsPerAccount: env.LOGIN_ATTEMPTS_PER_ACCOUNT,
  loginAttemptsPerNetwork: env.LOGIN_ATTEMPTS_PER_NETWORK,
});

const chromiumConfig = (env: Env): ChromiumConfig => ({
  executablePath: env.PUPPETEER_EXECUTABLE_PATH,
  extraArgs: env.CHROMIUM_ARGS?.split(/\s+/).filter(Boolean) ?? [],
  useSandbox: env.CHROMIUM_SANDBOX,
});

const sessionsConfig = (env: Env): SessionsConfig => ({
  defaultEngine: env.WHATSAPP_DEFAULT_ENGINE,
  reconnectAttempts: env.SESSION_RECONNECT_ATTEMPTS,
  reconnectBaseMs: env.SESSION_RECONNECT_BASE_MS,
  openTimeoutMs: env.SESSION_OPEN_TIMEOUT_MS,
  probeIntervalMs: env.SESSION_PROBE_INTERVAL_MS,
  leaseMs: env.SESSION_LEASE_MS,
});

const outboxConfig = (env: Env): OutboxConfig => ({
  attemptTimeoutMs: env.OUTBOX_ATTEMPT_TIMEOUT_MS,
  maxAttempts: env.OUTBOX_MAX_ATTEMPTS,
  retryBaseMs: env.OUTBOX_RETRY_BASE_MS,
  drainGraceMs: env.DRAIN_GRACE_MS,
});

const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$|\.$/g, '');

const egressConfig = (env: Env): EgressConfig => ({
  allowedHosts: new Set((env.EGRESS_ALLOWED_HOSTS ?? []).map((host) => host.toLowerCase().replace(/[[\]]/g, ''))),
  ownHosts: new Set([env.HOST.toLowerCase(), ...(env.PUBLIC_URL === undefined ? [] : [hostOf(env.PUBLIC_URL)])]),
  allowedPorts: new Set(env.EGRESS_ALLOWED_PORTS),
});

const mediaConfig = (env: Env): MediaConfig => ({
  store: env.MEDIA_STORE,
  s3: {
    endpoint: env.S3_ENDPOINT,
    region: env.S3_REGION,
    bucket: env.S3_BUCKET ?? '',
    accessKeyId: env.S3_ACCESS_KEY_ID,
    secretAccessKey: env.S3_SECRET_ACCESS_KEY,
    isNamedByPath: env.S3_FORCE_PATH_STYLE,
  },
  unusedDays: env.MEDIA_UNUSED_DAYS,
});

const limitsConfig = (env: Env): LimitsConfig => ({
  requestsPerPerson: env.REQUESTS_PER_PERSON,
  requestsPerKey: env.REQUESTS_PER_KEY,
  requestsPerNetwork: env.REQUESTS_PER_NETWORK,
  sendsPerPerson: env.SENDS_PER_PERSON,
  sendsPerKey: env.SENDS_PER_KEY,
  dailyMessagesPerPerson: env.DAILY_MESSAGES_PER_PERSON ?? null,
});

/** Every slice by its token. */
export const sliceEnv = (env: Env, database: DatabaseUrls): readonly Slice[] => [
  { provide: HttpConfig, useValue: httpConfig(env) },
  { provide: DatabaseConfig, useValue: { ...database, poolMax: env.DATABASE_POOL_MAX } satisfies DatabaseConfig },
  { provide: CacheConfig, useValue: { redisUrl: redisUrl(env) } satisfies CacheConfig },
  {
    provide: StorageConfig,
    useValue: { dataDir: dataDirOf(env), sessionPath: sessionPath(env) } satisfies StorageConfig,
  },
  { provide: IdentityConfig, useValue: identityConfig(env) },
  { provide: MailConfig, useValue: { smtpUrl: env.SMTP_URL, from: env.MAIL_FROM } satisfies MailConfig },
  { provide: ChromiumConfig, useValue: chromiumConfig(env) },
  { provide: SessionsConfig, useValue: sessionsConfig(env) },
  { provide: OutboxConfig, useValue: outboxConfig(env) },
  { provide: EgressConfig, useValue: egressConfig(env) },
  { provide: MediaConfig, useValue: mediaConfig(env) },
  { provide: LimitsConfig, useValue: limitsConfig(env) },
  { provide: CloudConfig, useValue: { graphApiUrl: env.GRAPH_API_URL } satisfies CloudConfig },
];
