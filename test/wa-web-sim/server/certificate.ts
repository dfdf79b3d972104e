import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const HOSTS = ['web.whatsapp.com', '*.whatsapp.com', '*.whatsapp.net'];
const DAY_MS = 86_400_000;
const VALID_DAYS = 365;

const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
  dnsName: 0x82,
  version: 0xa0,
  extensions: 0xa3,
} as const;

const ECDSA_WITH_SHA256 = '2a8648ce3d040302';
const COMMON_NAME = '550403';
const SUBJECT_ALT_NAME = '551d11';

/** A key and a certificate signed by itself: made in memory, so that no file and no tool is needed. */
export function selfSignedCertificate(): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(objectId(ECDSA_WITH_SHA256));
  const name = sequence(der(TAG.set, sequence(objectId(COMMON_NAME), der(TAG.utf8String, text('web.whatsapp.com')))));
  const content = sequence(
    der(TAG.version, der(TAG.integer, Buffer.from([2]))),
    der(TAG.integer, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    sequence(time(Date.now() - DAY_MS), time(Date.now() + VALID_DAYS * DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(TAG.extensions, sequence(alternativeNames())),
  );
  const certificate = sequence(content, algorithm, bitString(sign('sha256', content, privateKey)));
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert: pem(certificate) };
}

function alternativeNames(): Buffer {
  const names = sequence(...HOSTS.map((host) => der(TAG.dnsName, text(host))));
  return sequence(objectId(SUBJECT_ALT_NAME), der(TAG.octetString, names));
}

/** One DER element: tag, length, content. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content), content]);
}

function lengthOf(content: Buffer): Buffer {
  if (content.length < 0x80) return Buffer.from([content.length]);
  const bytes = Buffer.from([content.length >> 8, content.length & 0xff]);
  return content.length < 0x100 ? Buffer.from([0x81, content.length]) : Buffer.concat([Buffer.from([0x82]), bytes]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(TAG.sequence, ...parts);
}

function objectId(encoded: string): Buffer {
  return der(TAG.objectId, Buffer.from(encoded, 'hex'));
}

function bitString(content: Buffer): Buffer {
  return der(TAG.bitString, Buffer.from([0]), content);
}

/** 20261120231500Z without the century, as UTCTime wants it. */
function time(at: number): Buffer {
  const stamp = new Date(at).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return der(TAG.utcTime, text(`${stamp}Z`));
}

function text(value: string): Buffer {
  return Buffer.from(value, 'ascii');
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
