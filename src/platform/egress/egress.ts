import type { LookupFunction } from 'node:net';
import { type Readable, Transform } from 'node:stream';

import { Inject, Injectable } from '@nestjs/common';
import { Agent, type Dispatcher, request } from 'undici';

import { EgressConfig } from '../../config/config.slices.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { isPublicAddress } from './address-rules.js';
import { checkedLookup } from './checked-lookup.js';
import { checkHeaders } from './egress-headers.js';
import { parseTarget } from './egress-target.js';
import { UrlAnswerTooLargeError, UrlRefusedError, UrlUnreachableError } from './egress.errors.js';
import { NameResolver } from './name-resolver.js';
import { isOwnAddress } from './own-addresses.js';

const CONNECT_TIMEOUT_MS = 5000;
const MAX_HEADER_BYTES = 16_384;

export interface EgressOptions {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Of the answer's body. */
  readonly maxBytes: number;
  /** From the call to the last byte of the answer. */
  readonly timeoutMs: number;
}

export interface EgressAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Errors with `UrlAnswerTooLargeError` or `UrlUnreachableError`. */
  readonly body: Readable;
}

/** Certificates are checked whatever NODE_TLS_REJECT_UNAUTHORIZED says: that is for the operator's own services. */
const agentWith = (lookup: LookupFunction): Agent =>
  new Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS, lookup, rejectUnauthorized: true },
    maxHeaderSize: MAX_HEADER_BYTES,
  });

const limited = (maxBytes: number): Transform => {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(new UrlAnswerTooLargeError(maxBytes));
      else done(null, chunk);
    },
  });
};

/**
 * The one way to an address that somebody gave us (ADR 0042). It goes to the public internet and to what the operator
 * has named, follows no redirects, asks no proxy, and gives up in time.
 */
@Injectable()
export class Egress {
  private readonly outside: Agent;
  private readonly named: Agent;

  constructor(
    @Inject(EgressConfig) private readonly config: EgressConfig,
    lifecycle: Lifecycle,
    @Inject(NameResolver) names: NameResolver,
  ) {
    this.outside = agentWith(checkedLookup(names, (address) => isPublicAddress(address) && !isOwnAddress(address)));
    this.named = agentWith(checkedLookup(names, () => true));
    lifecycle.onDrain('cache', 'egress', async () => {
      await Promise.all([this.outside.destroy(), this.named.destroy()]);
    });
  }

  /** Throws `UrlRefusedError` or `HeaderRefusedError` for what will never be used. */
  check(url: string, headers: Readonly<Record<string, string>> = {}): void {
    parseTarget(url, this.config);
    checkHeaders(headers);
  }

  /** Resolves with whatever status there is but a redirect; rejects with the errors of this folder. */
  async request(written: string, options: EgressOptions): Promise<EgressAnswer> {
    const { url, isAllowedByName } = parseTarget(written, this.config);
    const { method = 'GET', headers = {}, body, maxBytes, timeoutMs } = options;
    const signal = AbortSignal.timeout(timeoutMs);
    const dispatcher: Dispatcher = isAllowedByName ? this.named : this.outside;
    try {
      const answer = await request(url, {
        ...{ method, dispatcher, signal, headersTimeout: timeoutMs, bodyTimeout: timeoutMs },
        // Nothing is unpacked here: a small answer stays small.
        headers: { 'user-agent': 'Waypost', ...checkHeaders(headers), 'accept-encoding': 'identity' },
        ...(body !== undefined && { body }),
      });
      return await this.toAnswer(answer, maxBytes);
    } catch (error) {
      throw error instanceof AppError ? error : new UrlUnreachableError(error);
    }
  }

  private async toAnswer(answer: Dispatcher.ResponseData, maxBytes: number): Promise<EgressAnswer> {
    const { statusCode: status, headers, body } = answer;
    const encoding = headers['content-encoding'] ?? 'identity';
    const isRedirect = status >= 300 && status < 400;
    const isTooLarge = Number(headers['content-length'] ?? 0) > maxBytes;
    if (isRedirect || isTooLarge || encoding !== 'identity') {
      // Read no further; the connection goes with it.
      body.on('error', () => undefined).destroy();
      if (isRedirect) throw new UrlRefusedError('It redirects to another one: give that one.');
      throw isTooLarge ? new UrlAnswerTooLargeError(maxBytes) : new UrlUnreachableError();
    }
    const out = limited(maxBytes);
    body.on('error', (error) => out.destroy(new UrlUnreachableError(error)));
    // Cut off by the limit, or given up by the reader: the connection goes with it.
    out.on('close', () => body.destroy());
    return Promise.resolve({ status, headers, body: body.pipe(out) });
  }
}
