import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** A certificate with its key, both as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateOptions {
  readonly name: string;
  readonly from?: Date;
  readonly until?: Date;
}

const DAY_MS = 86_400_000;

const element = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};
const sequence = (...parts: readonly Uint8Array[]): Buffer => element(0x30, ...parts);
const oid = (hex: string): Buffer => element(0x06, Buffer.from(hex, 'hex'));
const commonName = (name: string): Buffer =>
  sequence(element(0x31, sequence(oid('550403'), element(0x0c, Buffer.from(name)))));
const time = (at: Date): Buffer =>
  element(0x18, Buffer.from(`${at.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`));

const ECDSA_WITH_SHA256 = sequence(oid('2a8648ce3d040302'));
const TRUE = element(0x01, Buffer.from([0xff]));
const IS_AUTHORITY = sequence(oid('551d13'), TRUE, element(0x04, sequence(TRUE)));

const alternativeName = (name: string): Buffer =>
  sequence(oid('551d11'), element(0x04, sequence(element(0x82, Buffer.from(name)))));

interface Signer {
  readonly name: string;
  readonly key: KeyObject;
}

const issue = (options: CertificateOptions, extension: Buffer, signer?: Signer): Certificate => {
  const { name, from = new Date(Date.now() - DAY_MS), until = new Date(Date.now() + DAY_MS) } = options;
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = sequence(
    element(0xa0, element(0x02, Buffer.from([2]))),
    element(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ...[ECDSA_WITH_SHA256, commonName(signer?.name ?? name), sequence(time(from), time(until)), commonName(name)],
    publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, sequence(extension)),
  );
  const signature = sign('sha256', body, signer?.key ?? privateKey);
  const der = sequence(body, ECDSA_WITH_SHA256, element(0x03, Buffer.from([0]), signature));
  const lines =
    der
      .toString('base64')
      .match(/.{1,64}/g)
      ?.join('\n') ?? '';
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
};

/** A certificate that nobody else vouches for. */
export const selfSigned = (options: CertificateOptions): Certificate => issue(options, alternativeName(options.name));

/** An authority of our own, and what it signs. */
export const createAuthority = (): {
  readonly cert: string;
  readonly sign: (options: CertificateOptions) => Certificate;
} => {
  const name = 'An authority for tests';
  const { cert, key } = issue({ name }, IS_AUTHORITY);
  const signer = { name, key: createPrivateKey(key) };
  return { cert, sign: (options) => issue(options, alternativeName(options.name), signer) };
};
