import type { CloudNumber } from './cloud-number.js';
import type { CloudUpdate } from './cloud-update.js';
import type { NewUpdate } from './cloud-update.repository.js';

/** U+0000 and half of a surrogate pair, as JSON writes them: PostgreSQL keeps neither. */
const UNSTORABLE = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

const jsonOf = (value: unknown): string => JSON.stringify(value).replace(UNSTORABLE, '$1\\ufffd');

const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');

/** Kinds that a session's engine reports; the others are kept until somebody asks for them. */
const REPORTED: ReadonlySet<CloudUpdate['kind']> = new Set(['message', 'change', 'status', 'call']);

/** Under which the message of a number stands, with the file that it tells of. */
export const messageKey = (phoneNumberId: string, providerMessageId: string): string =>
  storableText(`${phoneNumberId}:message:${providerMessageId}`);

const isOf = (update: CloudUpdate, { phoneNumberId, accountId }: CloudNumber): boolean =>
  update.origin.phoneNumberId === null
    ? update.origin.wabaId === accountId
    : update.origin.phoneNumberId === phoneNumberId;

/**
 * The row of an update that was signed for these numbers. Whose app has signed says nothing about the numbers of other
 * apps: what it tells of them is kept under its own name, and reaches nobody.
 */
export const toStored = (update: CloudUpdate, signedFor: readonly CloudNumber[]): NewUpdate => {
  const { key, kind, ...body } = update;
  const row = { kind, body: jsonOf({ kind, ...body }) };
  const owner = signedFor.find((number) => isOf(update, number));
  if (owner === undefined) {
    const scope = `foreign:${signedFor[0]?.phoneNumberId ?? ''}`;
    return { ...row, phoneNumberId: null, accountId: null, key: storableText(`${scope}:${key}`), isPending: false };
  }
  const { phoneNumberId } = update.origin;
  return {
    ...row,
    phoneNumberId,
    accountId: owner.accountId,
    key: storableText(`${phoneNumberId ?? owner.accountId}:${key}`),
    isPending: phoneNumberId !== null && REPORTED.has(kind),
  };
};
