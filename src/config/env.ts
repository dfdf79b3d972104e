import 'reflect-metadata';

import { plainToInstance } from 'class-transformer';
import {
  IsBoolean,
  IsEmail,
  IsIn,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  MinLength,
  validateSync,
} from 'class-validator';

import { findMediaTroubles, MediaEnv } from './media-env.js';
import { Doc, documented, type EnvDoc } from './env-doc.js';
import { List, OptionalUrl, Truth, Whole } from './env-rules.js';
import { IsStrongSecret } from './strong-secret.js';

/** The environment, exactly as the operator writes it. One property, one variable. */
export class Env extends MediaEnv {
  @Doc({
    about: 'production refuses an external database without JWT_SECRET and ENCRYPTION_KEY.',
    example: 'development',
  })
  @IsIn(['development', 'production', 'test'])
  readonly NODE_ENV: 'development' | 'production' | 'test' = 'development';

  @Doc({ about: 'Port of the HTTP server.', example: '3030' })
  @Whole(0, 65_535)
  readonly PORT: number = 3030;

  @Doc({ about: 'Address that the HTTP server listens on. 0.0.0.0 in a container.', example: '127.0.0.1' })
  @IsString()
  readonly HOST: string = '127.0.0.1';

  @Doc({ about: 'Where people reach this server, for links in mails and for the setup link.' })
  @OptionalUrl('http', 'https')
  readonly PUBLIC_URL?: string;

  @Doc({ about: 'Everything that must survive a restart and is not in the database.', example: './data' })
  @IsString()
  readonly DATA_DIR: string = './data';

  @Doc({ about: 'PostgreSQL 14 or later. Empty: a PostgreSQL of its own under DATA_DIR.', secret: true })
  @OptionalUrl('postgresql', 'postgres')
  readonly DATABASE_URL?: string;

  @Doc({
    about: 'The role that owns the tables and runs migrations, when it is not the one of DATABASE_URL.',
    secret: true,
  })
  @OptionalUrl('postgresql', 'postgres')
  readonly DATABASE_OWNER_URL?: string;

  @Doc({ about: 'Connections to PostgreSQL that this process may hold.', example: '10' })
  @Whole(4, 200)
  readonly DATABASE_POOL_MAX: number = 10;

  @Doc({
    about: 'Redis for the cache and for limits shared by several processes. Empty: both stay in this process.',
    secret: true,
  })
  @OptionalUrl('redis', 'rediss')
  readonly REDIS_URL?: string;

  @Doc({ about: 'Redis by parts, instead of REDIS_URL.' })
  @IsOptional()
  @IsString()
  readonly REDIS_HOST?: string;

  @Doc({ about: 'Port of REDIS_HOST.', example: '6379' })
  @Whole(1, 65_535)
  readonly REDIS_PORT: number = 6379;

  @Doc({ about: 'Password for REDIS_HOST.', secret: true })
  @IsOptional()
  @IsString()
  readonly REDIS_PASSWORD?: string;

  @Doc({ about: 'Number of the database on REDIS_HOST.', example: '0' })
  @Whole(0, 1000)
  readonly REDIS_DB: number = 0;

  @Doc({ about: 'Signs access tokens; at least 32 bytes. Empty: made once and kept under DATA_DIR.', secret: true })
  @IsOptional()
  @IsStrongSecret()
  readonly JWT_SECRET?: string;

  @Doc({ about: 'Encrypts stored secrets; at least 32 bytes. Empty: made once and kept under DATA_DIR.', secret: true })
  @IsOptional()
  @IsStrongSecret()
  readonly ENCRYPTION_KEY?: string;

  @Doc({
    about:
      'Keys that open what they have sealed and seal nothing, separated by commas: those that ENCRYPTION_KEY replaces.',
    secret: true,
  })
  @IsOptional()
  @List
  @IsStrongSecret({ each: true })
  readonly ENCRYPTION_KEYS_OLD?: readonly string[];

  @Doc({ about: 'With ADMIN_PASSWORD: the first administrator, made at boot on an empty database only.' })
  @IsOptional()
  @IsEmail()
  readonly ADMIN_EMAIL?: string;

  @Doc({ about: 'At least 12 characters.', secret: true })
  @IsOptional()
  @MinLength(12)
  readonly ADMIN_PASSWORD?: string;

  @Doc({
    about:
      'Where the one-time setup link goes: the terminal when there is one, else DATA_DIR/setup-link; log: also the log, for docker logs.',
    example: 'auto',
  })
  @IsIn(['auto', 'log'])
  readonly SETUP_LINK: 'auto' | 'log' = 'auto';

  @Doc({ about: 'Life of an access token, in seconds.', example: '900' })
  @Whole(60, 3600)
  readonly ACCESS_TOKEN_TTL_SECONDS: number = 900;

  @Doc({ about: 'Life of a sign-in without use, in days.', example: '30' })
  @Whole(1, 365)
  readonly REFRESH_TOKEN_TTL_DAYS: number = 30;

  @Doc({ about: 'Wrong passwords for one account within 15 minutes before it has to wait.', example: '10' })
  @Whole(1, 1_000_000)
  readonly LOGIN_ATTEMPTS_PER_ACCOUNT: number = 10;

  @Doc({
    about: 'Wrong passwords and tokens from one address (IPv6: one /64) within 15 minutes before it has to wait.',
    example: '100',
  })
  @Whole(1, 1_000_000)
  readonly LOGIN_ATTEMPTS_PER_NETWORK: number = 100;

  @Doc({ about: 'fatal, error, warn, info, debug or trace.', example: 'info' })
  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  readonly LOG_LEVEL: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent' = 'info';

  @Doc({ about: 'Origins that browsers may call from, separated by commas. Empty: none.' })
  @IsOptional()
  @List
  @IsUrl({ require_tld: false, require_protocol: true }, { each: true })
  readonly CORS_ORIGINS?: readonly string[];

  @Doc({ about: 'Addresses or networks of reverse proxies whose X-Forwarded-For is believed, separated by commas.' })
  @IsOptional()
  @List
  @Matches(/^[0-9a-fA-F.:]+(\/\d{1,3})?$/, { each: true })
  readonly TRUSTED_PROXIES?: readonly string[];

  @Doc({ about: 'Largest request body, in bytes.', example: '1048576' })
  @Whole(1024, 104_857_600)
  readonly BODY_LIMIT_BYTES: number = 1_048_576;

  @Doc({ about: 'How long a stop waits for what is in flight, in milliseconds.', example: '10000' })
  @Whole(0, 300_000)
  readonly DRAIN_GRACE_MS: number = 10_000;

  @Doc({
    about: 'Mail server for alerts, as smtp://user:password@host:port. Empty: alerts stay in the application.',
    secret: true,
  })
  @OptionalUrl('smtp', 'smtps')
  readonly SMTP_URL?: string;

  @Doc({ about: 'Sender of mails.', example: 'Waypost <waypost@localhost>' })
  @IsString()
  readonly MAIL_FROM: string = 'Waypost <waypost@localhost>';

  @Doc({ about: 'Browser profiles of linked numbers. Empty: .wwebjs_auth under DATA_DIR.' })
  @IsOptional()
  @IsString()
  readonly WHATSAPP_SESSION_PATH?: string;

  @Doc({
    about: 'Engine of the session "default" when it is first made. Empty: web when a Chromium is found, else sandbox.',
  })
  @IsOptional()
  @IsIn(['web', 'sandbox'])
  readonly WHATSAPP_DEFAULT_ENGINE?: 'web' | 'sandbox';

  @Doc({ about: 'The Chromium for the web engine. Empty: chromium-headless-shell, else Chromium of the system.' })
  @IsOptional()
  @IsString()
  readonly PUPPETEER_EXECUTABLE_PATH?: string;

  @Doc({ about: 'Further arguments for Chromium, separated by spaces.' })
  @IsOptional()
  @IsString()
  readonly CHROMIUM_ARGS?: string;

  @Doc({
    about: 'false switches the sandbox of Chromium off: only inside a container that cannot offer one.',
    example: 'true',
  })
  @Truth
  @IsBoolean()
  readonly CHROMIUM_SANDBOX: boolean = true;

  @Doc({ about: 'Tries to reconnect a lost session before it is given up.', example: '5' })
  @Whole(0, 100)
  readonly SESSION_RECONNECT_ATTEMPTS: number = 5;

  @Doc({
    about: 'Wait before the first reconnection, in milliseconds; it doubles each time, up to five minutes.',
    example: '2000',
  })
  @Whole(10, 60_000)
  readonly SESSION_RECONNECT_BASE_MS: number = 2000;

  @Doc({ about: 'How long an opening may take to show a QR or to be ready, in milliseconds.', example: '90000' })
  @Whole(1000, 600_000)
  readonly SESSION_OPEN_TIMEOUT_MS: number = 90_000;

  @Doc({ about: 'Pause between two liveness checks of a session, in milliseconds.', example: '10000' })
  @Whole(100, 600_000)
  readonly SESSION_PROBE_INTERVAL_MS: number = 10_000;

  @Doc({
    about: 'How long a process owns a session without renewing, in milliseconds. More than OUTBOX_ATTEMPT_TIMEOUT_MS.',
    example: '30000',
  })
  @Whole(1000, 600_000)
  readonly SESSION_LEASE_MS: number = 30_000;

  @Doc({
    about: 'How long one try to send may take before its outcome counts as uncertain, in milliseconds.',
    example: '20000',
  })
  @Whole(100, 300_000)
  readonly OUTBOX_ATTEMPT_TIMEOUT_MS: number = 20_000;

  @Doc({ about: 'Tries to send a message whose failures are passing ones.', example: '5' })
  @Whole(1, 50)
  readonly OUTBOX_MAX_ATTEMPTS: number = 5;

  @Doc({
    about: 'Wait before a message is tried again, in milliseconds; it doubles each time, up to ten minutes.',
    example: '1000',
  })
  @Whole(10, 600_000)
  readonly OUTBOX_RETRY_BASE_MS: number = 1000;
}

export class InvalidEnvironmentError extends Error {}

const crossChecks = (env: Env): string[] => {
  const problems: string[] = [...findMediaTroubles(env)];
  if (env.SESSION_LEASE_MS <= env.OUTBOX_ATTEMPT_TIMEOUT_MS) {
    problems.push('SESSION_LEASE_MS: must be longer than OUTBOX_ATTEMPT_TIMEOUT_MS');
  }
  if ((env.ADMIN_EMAIL === undefined) !== (env.ADMIN_PASSWORD === undefined)) {
    problems.push('ADMIN_EMAIL, ADMIN_PASSWORD: give both or neither');
  }
  if (env.NODE_ENV === 'production' && env.DATABASE_URL !== undefined) {
    if (env.JWT_SECRET === undefined) problems.push('JWT_SECRET: must be given in production with DATABASE_URL');
    if (env.ENCRYPTION_KEY === undefined)
      problems.push('ENCRYPTION_KEY: must be given in production with DATABASE_URL');
  }
  return problems;
};

/** Validates once, at start. Names all bad variables with the accepted form and never prints their values. */
export const parseEnv = (source: NodeJS.ProcessEnv): Readonly<Env> => {
  const known = Object.fromEntries(documented().flatMap(([key]) => (source[key] ? [[key, source[key]]] : [])));
  const env = plainToInstance(Env, known, { exposeDefaultValues: true });
  const invalid = validateSync(env).map(
    ({ property, constraints }) => `${property}: ${Object.values(constraints ?? {}).join(', ')}`,
  );
  const problems = [...invalid, ...(invalid.length > 0 ? [] : crossChecks(env))];
  if (problems.length > 0) {
    throw new InvalidEnvironmentError(`The environment is not usable:\n${problems.map((p) => `  ${p}`).join('\n')}`);
  }
  return Object.freeze(env);
};

const renderVariable = ([key, doc]: readonly [string, EnvDoc]): string =>
  `# ${doc.about}\n${doc.example === undefined ? '# ' : ''}${key}=${doc.example ?? ''}`;

/** The text of `.env.example`. */
export const renderEnvExample = (): string => `${documented().map(renderVariable).join('\n\n')}\n`;
