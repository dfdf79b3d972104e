import type { Readable } from 'node:stream';

import { Inject, Injectable } from '@nestjs/common';
import { Agent, type Dispatcher, request } from 'undici';

import { CloudConfig } from '../../../config/config.slices.js';
import { Lifecycle } from '../../../platform/lifecycle/lifecycle.js';
import { FileTooLargeError } from '../engine.errors.js';
import { GraphCallError } from './graph-call-error.js';
import { failedCallOf } from './graph-connection.js';
import { readErrorAnswer } from './graph-errors.js';
import { regainInMs } from './graph-usage.js';

const CONNECT_TIMEOUT_MS = 5_000;
/** Below the time that a try to send may take, so that its outcome is told by the call itself. */
const CALL_TIMEOUT_MS = 15_000;
const FILE_TIMEOUT_MS = 120_000;
/** More than all sends that are under way at once: a call that waits for a connection uses up its time. */
const CONNECTIONS = 256;
const MAX_HEADER_BYTES = 32_768;
/** Of an answer that is JSON; more than that was not written by the Graph API. */
const MAX_ANSWER_BYTES = 4_194_304;
/** "Media": addresses of files lie on a host of Meta's own, and the token is for no other. */
const FILE_HOSTS = /(?:^|\.)(?:fbsbx\.com|fbcdn\.net|whatsapp\.net|facebook\.com)$/;

type Headers = Readonly<Record<string, string | undefined>>;

interface GraphCall {
  readonly method: 'GET' | 'POST';
  /** Below the version, such as `106540352242922/messages`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly token: string;
  readonly json?: object;
  readonly form?: GraphForm;
  readonly signal?: AbortSignal;
}

/** A body that is written while it is sent. */
export interface GraphForm {
  readonly contentType: string;
  readonly length: number;
  readonly body: Readable;
}

const flat = (headers: Dispatcher.ResponseData['headers']): Headers =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat()[0]]));

const bytesOf = async (body: Readable, maxBytes: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw new FileTooLargeError(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const bodyOf = ({
  json,
  form,
}: GraphCall): { readonly headers: Record<string, string>; readonly body?: string | Readable } => {
  if (form !== undefined) {
    const { contentType, length, body } = form;
    return { headers: { 'content-type': contentType, 'content-length': String(length) }, body };
  }
  if (json === undefined) return { headers: {} };
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) };
};

const parsedOrNull = (text: string): { readonly value: unknown } | null => {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // Half an answer, or the page of a gateway: the caller decides by the status what that means.
    return null;
  }
};

/** The one way to Meta's Graph API, at the address that the operator has set. The token goes into a header alone. */
@Injectable()
export class GraphClient {
  private readonly agent = new Agent({
    connections: CONNECTIONS,
    connect: { timeout: CONNECT_TIMEOUT_MS, rejectUnauthorized: true },
    maxHeaderSize: MAX_HEADER_BYTES,
  });
  private readonly base: string;

  constructor(@Inject(CloudConfig) { graphApiUrl }: CloudConfig, lifecycle: Lifecycle) {
    this.base = graphApiUrl.replace(/\/+$/, '');
    lifecycle.onDrain('cache', 'connections to Meta', () => this.agent.destroy());
  }

  /** What Meta answers when it has done what it was asked; rejects with `GraphCallError` for everything else. */
  async call(call: GraphCall): Promise<unknown> {
    const url = new URL(`${this.base}/${call.path}`);
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
    const timeoutMs = call.form === undefined ? CALL_TIMEOUT_MS : FILE_TIMEOUT_MS;
    const { status, headers, bytes } = await this.exchange(url, call, timeoutMs, MAX_ANSWER_BYTES);
    const text = bytes.toString('utf8');
    const parsed = parsedOrNull(text);
    if (status >= 200 && status < 300 && parsed !== null) return parsed.value;
    const failure = { kind: 'answered' as const, httpStatus: status, error: readErrorAnswer(text) };
    throw new GraphCallError(failure, regainInMs(headers));
  }

  /** "Download media": the bytes behind an address that Meta gave. Null when it is not good any more. */
  async download(address: string, token: string, maxBytes: number): Promise<Buffer | null> {
    const url = new URL(address);
    this.requireHostOfMeta(url);
    const call: GraphCall = { method: 'GET', path: '', token };
    const { status, bytes } = await this.exchange(url, call, FILE_TIMEOUT_MS, maxBytes);
    if (status >= 200 && status < 300) return bytes;
    if (status === 404 || status === 401 || status === 403 || status === 410) return null;
    throw new GraphCallError({ kind: 'answered', httpStatus: status, error: null }, null);
  }

  private async exchange(
    url: URL,
    call: GraphCall,
    timeoutMs: number,
    maxBytes: number,
  ): Promise<{ readonly status: number; readonly headers: Headers; readonly bytes: Buffer }> {
    const { headers, body } = bodyOf(call);
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = call.signal === undefined ? timeout : AbortSignal.any([timeout, call.signal]);
    try {
      const answer = await request(url, {
        ...{ method: call.method, dispatcher: this.agent, signal, headersTimeout: timeoutMs, bodyTimeout: timeoutMs },
        headers: { 'user-agent': 'Waypost', authorization: `Bearer ${call.token}`, ...headers },
        ...(body !== undefined && { body }),
      });
      const bytes = await bytesOf(answer.body, maxBytes);
      return { status: answer.statusCode, headers: flat(answer.headers), bytes };
    } catch (error) {
      if (error instanceof FileTooLargeError) throw error;
      throw new GraphCallError(failedCallOf(error), null, error);
    }
  }

  private requireHostOfMeta(url: URL): void {
    const own = new URL(this.base);
    const isOwn = url.host === own.host && url.protocol === own.protocol;
    if (isOwn || (url.protocol === 'https:' && FILE_HOSTS.test(url.hostname))) return;
    throw new Error('The file lies on a host that is not one of Meta.');
  }
}
