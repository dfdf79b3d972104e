import { appendFileSync } from 'node:fs';

/** A value that must stay out of logs, audit entries, metrics and errors. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** Where a secret was found; its value is not told again. */
export interface Leak {
  readonly name: string;
  readonly line: number;
}

/** Shorter ones stand in innocent lines by chance. */
const MIN_LENGTH = 8;
const MIN_DIGITS = 10;

const SECRET_MEMBERS = new Set([
  ...['password', 'currentPassword', 'newPassword', 'token', 'accessToken', 'refreshToken', 'key', 'secret', 'qr'],
  ...['appSecret', 'verifyToken'],
]);
/** Only in what is sent: an answer's `message` is a sentence of ours. */
const CONTENT_MEMBERS = new Set(['text', 'message', 'body']);
/** Stands in sentences of ours by chance. */
const LONE_WORD = /^[a-z]+$/;
const PHONE_MEMBERS = new Set(['phone', 'to', 'from']);

const planted = new Map<string, string>();

/** The file beside the log of the test run that the processes of the run keep their planted secrets in. */
export const secretsFileOf = (logFile: string): string => `${logFile}.secrets`;

/** From now on this value may be found nowhere. */
export const plant = (name: string, value: string): void => {
  if (value.length < MIN_LENGTH || planted.has(value)) return;
  planted.set(value, name);
  const log = process.env['WAYPOST_TEST_LOG'];
  if (log !== undefined) appendFileSync(secretsFileOf(log), `${JSON.stringify({ name, value })}\n`, { mode: 0o600 });
};

const plantMember = (direction: 'sent' | 'received', key: string, value: string): void => {
  if (SECRET_MEMBERS.has(key)) plant(key, value);
  else if (direction === 'sent' && CONTENT_MEMBERS.has(key) && !LONE_WORD.test(value)) plant(key, value);
  else if (PHONE_MEMBERS.has(key)) {
    const digits = value.replace(/\D/g, '');
    if (digits.length >= MIN_DIGITS) plant(key, digits);
  }
};

/** Plants every secret that a body holds, by the names of its members. */
export const plantBody = (direction: 'sent' | 'received', body: unknown): void => {
  if (typeof body !== 'object' || body === null) return;
  for (const [key, value] of Object.entries(body)) {
    if (typeof value === 'string') plantMember(direction, key, value);
    else plantBody(direction, value);
  }
};

/** As it stands, inside of JSON, and inside of a URL. */
const spellings = (value: string): readonly string[] => [
  ...new Set([value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value.toWellFormed())]),
];

const lineAt = (text: string, place: number): number => text.slice(0, place).split('\n').length;

/** The first place of each secret that stands in a text; without a list, of those planted in this process. */
export const findLeaks = (
  text: string,
  secrets: readonly Secret[] = [...planted].map(([value, name]) => ({ name, value })),
): readonly Leak[] =>
  secrets.flatMap(({ name, value }) => {
    const place = spellings(value)
      .map((spelling) => text.indexOf(spelling))
      .find((found) => found >= 0);
    return place === undefined ? [] : [{ name, line: lineAt(text, place) }];
  });
