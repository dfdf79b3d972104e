import { createHmac } from 'node:crypto';

/** What Meta writes as `\uXXXX` ("Webhooks, Getting started", validating payloads). */
// eslint-disable-next-line no-control-regex -- everything that is not ASCII
const NOT_PLAIN = /[^\u0000-\u007f]|[<%@]/g;

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The bytes of a notification: whoever parses and writes them again gets others, and another signature. */
export const writeNotification = (value: unknown, isEscaped: boolean): Buffer => {
  const text = JSON.stringify(value);
  return Buffer.from(isEscaped ? text.replaceAll(NOT_PLAIN, escapeUnit).replaceAll('/', '\\/') : text);
};

/** The value of `X-Hub-Signature-256` (Webhooks, "Create a webhook endpoint"). */
export const signatureOf = (body: Buffer, secret: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
