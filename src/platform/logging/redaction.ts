import { maskPhoneNumber } from '../../kernel/phone-number.js';

const REDACTED = '[redacted]';

/** Members that never belong into a log, whatever they hold: pino drops them before they are rendered. */
export const REDACTED_PATHS: readonly string[] = ['headers', 'body', 'query', 'cookies', 'payload', 'req', 'res'];

/**
 * The value of these members of a rendered line is a secret or the content of a message, whatever it is and however
 * deep it stands. `jsonb` columns and driver options come with both ways of writing.
 */
const SECRET_KEYS = [
  'password',
  'newPassword',
  'passwordHash',
  'secret',
  'jwtSecret',
  'appSecret',
  'token',
  'accessToken',
  'refreshToken',
  'access_token',
  'refresh_token',
  'setupToken',
  'verifyToken',
  'hub\\.verify_token',
  'authorization',
  'Authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'apiKey',
  'api_key',
  'x-api-key',
  'encryptionKey',
  'connectionString',
  'databaseUrl',
  'qr',
  'qrCode',
  'pairingCode',
  'totp',
  'text',
  'caption',
].join('|');

const PHONE_KEYS = ['phone', 'phoneNumber', 'to', 'from', 'recipient', 'author', 'number', 'wid', 'jid', 'chatId'].join(
  '|',
);

/** A string of JSON, from its opening to its closing quote. */
const STRING = String.raw`"(?:[^"\\]|\\.)*"`;

const secretMembers = new RegExp(`"(${SECRET_KEYS})":(?:${STRING}|-?[0-9][^,}\\]]*)`, 'g');
const phoneMembers = new RegExp(`"(${PHONE_KEYS})":"([^"\\\\]*)"`, 'g');
const RUN_OF_DIGITS = /\d(?:[ ().-]{0,3}\d){6,}/g;

interface Pattern {
  /** A line without this text is not searched: finding out costs next to nothing. */
  readonly sign: string;
  readonly pattern: RegExp;
  readonly replacement: string | ((found: string) => string);
}

/**
 * What a secret looks like inside of any text. Each pattern starts at something rare and is bounded, so that a long
 * line costs no more than its length. None of them crosses a quote or a backslash: the line stays JSON.
 */
const SECRETS: readonly Pattern[] = [
  { sign: 'eyJ', pattern: /(?<=^|[^\w-]|\\[nrt])eyJ[\w-]{5,}\.[\w-]{5,}\.?[\w-]*/g, replacement: '[jwt]' },
  { sign: ' ', pattern: /(Bearer|ApiKey|Basic) [^\s"\\,;]+/gi, replacement: `$1 ${REDACTED}` },
  { sign: 'wp_', pattern: /wp_(live|test)_\w+/g, replacement: 'wp_$1_[redacted]' },
  { sign: 'whsec_', pattern: /whsec_[\w+/=-]+/g, replacement: 'whsec_[redacted]' },
  { sign: 'EAA', pattern: /EAA[A-Za-z0-9]{20,}/g, replacement: '[cloud-token]' },
  { sign: '$argon2', pattern: /\$argon2[^\s"\\]+/g, replacement: '[password-hash]' },
  { sign: '@', pattern: /(?<!\d)\d@[\w+/=-]{16,}(?:,[\w+/=-]+)*/g, replacement: '[qr]' },
  { sign: '://', pattern: /:\/\/[^\s/"\\]{1,400}@/g, replacement: `://${REDACTED}@` },
  {
    sign: '=',
    pattern: /(token|secret|password|passwd|signature|api[_-]?key|totp)=[^\s&"'\\,;]+/gi,
    replacement: `$1=${REDACTED}`,
  },
  {
    sign: '@',
    pattern: /(?<!\d)\d{7,20}(?=(?::\d+)?@(?:c\.us|s\.whatsapp\.net|lid))/g,
    replacement: maskPhoneNumber,
  },
  { sign: '+', pattern: /\+\d{7,15}(?!\d)/g, replacement: maskPhoneNumber },
];

/** C1 controls (0x9B starts a terminal command) and line separators: legal in JSON, harmful on a screen. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const escapeUnprintable = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Masks phone numbers and removes secrets from one rendered line, also where a library put them into a message. */
export const redactLine = (line: string): string => {
  let text = line
    .replace(secretMembers, `"$1":"${REDACTED}"`)
    .replace(
      phoneMembers,
      (_all, key: string, value: string) => `"${key}":"${value.replace(RUN_OF_DIGITS, maskPhoneNumber)}"`,
    );
  for (const { sign, pattern, replacement } of SECRETS) {
    // `replace` takes either kind; its overloads take one at a time.
    if (text.includes(sign)) text = text.replace(pattern, replacement as string);
  }
  return text.replace(UNPRINTABLE, escapeUnprintable);
};
