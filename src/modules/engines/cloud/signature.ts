import { createHmac, timingSafeEqual } from 'node:crypto';

/** "Create a webhook endpoint": `X-Hub-Signature-256: sha256=<64 lower-case hex digits>`. */
const HEADER = /^sha256=([0-9a-f]{64})$/;

/** An app that may have signed a notification. */
export interface Signer {
  readonly appSecret: string;
}

const isSignatureOf = (rawBody: Buffer, signature: Buffer, { appSecret }: Signer): boolean => {
  // With an empty secret everybody can sign.
  if (appSecret === '') return false;
  return timingSafeEqual(createHmac('sha256', appSecret).update(rawBody).digest(), signature);
};

/**
 * The app that has signed these bytes; null for a header that is missing, repeated or not exactly as Meta writes it, and
 * for a signature that is none of theirs. The bytes are those that came over the wire: Meta escapes characters in its
 * JSON, so that a body that was parsed and written again has another signature.
 */
export const findSigner = <S extends Signer>(
  rawBody: Buffer,
  header: string | readonly string[] | undefined,
  signers: readonly S[],
): S | null => {
  const [, hex] = typeof header === 'string' ? (HEADER.exec(header) ?? []) : [];
  if (hex === undefined) return null;
  const signature = Buffer.from(hex, 'hex');
  // All are tried, whichever it is: how long it takes tells nobody whose signature it was.
  const matching = signers.filter((signer) => isSignatureOf(rawBody, signature, signer));
  return matching[0] ?? null;
};

/** Whether these bytes were signed with one of these app secrets. */
export const isSigned = (
  rawBody: Buffer,
  header: string | readonly string[] | undefined,
  appSecrets: readonly string[],
): boolean =>
  findSigner(
    rawBody,
    header,
    appSecrets.map((appSecret) => ({ appSecret })),
  ) !== null;
