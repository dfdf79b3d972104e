import { MetaStandIn } from '../../src/meta-stand-in/meta-stand-in.js';
import { type StandInOptions } from '../../src/meta-stand-in/options.js';
import { MetaCallback } from './meta-callback.js';

type Json = Record<string, unknown>;

export interface Reply {
  readonly status: number;
  readonly body: Json;
  readonly headers: Headers;
}

const NUMBER = '300000000000001';
const ACCOUNT = '200000000000001';
export const PERSON = '16505551234';

/** A stand-in, the callback that it tells, and the calls of a gateway. */
export class MetaBench {
  readonly numberId = NUMBER;
  readonly accountId = ACCOUNT;

  private constructor(
    readonly standIn: MetaStandIn,
    readonly callback: MetaCallback,
  ) {}

  static async open(options: StandInOptions = {}): Promise<MetaBench> {
    const callback = await MetaCallback.listen();
    try {
      const standIn = await MetaStandIn.listen({
        apps: [{ webhookUrl: callback.url }],
        // One after the other: what is told first arrives first, however slow the machine is.
        behaviour: { webhook: { concurrency: 1 } },
        ...options,
      });
      return new MetaBench(standIn, callback);
    } catch (error) {
      await callback.close();
      throw error;
    }
  }

  async graph(method: string, path: string, body?: Json | FormData, token = 'stand-in-access-token'): Promise<Reply> {
    return this.call(method, `${this.standIn.url}/v25.0/${path}`, body, { authorization: `Bearer ${token}` });
  }

  /** The control API; what it refuses is a fault of the test. */
  async control(method: string, path: string, body?: Json): Promise<Json> {
    const reply = await this.call(method, `${this.standIn.url}/_control/${path}`, body);
    if (reply.status !== 200) throw new Error(`${method} ${path}: ${JSON.stringify(reply.body)}`);
    return reply.body;
  }

  send(content: Json, to = `+${PERSON}`): Promise<Reply> {
    return this.graph('POST', `${this.numberId}/messages`, { messaging_product: 'whatsapp', to, ...content });
  }

  sendText(text: string, more: Json = {}): Promise<Reply> {
    return this.send({ type: 'text', text: { body: text }, ...more });
  }

  /** The person writes, so that the window is open; what was told so far is forgotten. */
  async openWindow(from = PERSON): Promise<void> {
    await this.control('POST', 'inbound', { from });
    await this.settle();
    this.callback.forget();
  }

  async settle(): Promise<void> {
    const { idle } = await this.control('GET', 'idle');
    if (idle !== true) throw new Error('The stand-in has not come to rest.');
  }

  /** Between tests: everything is as at the start. */
  async reset(): Promise<void> {
    await this.control('POST', 'reset');
    this.callback.forget();
  }

  async close(): Promise<void> {
    await this.standIn.close();
    await this.callback.close();
  }

  private async call(
    method: string,
    url: string,
    body?: Json | FormData,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const isForm = body instanceof FormData;
    const response = await fetch(url, {
      method,
      headers: { ...headers, ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }) },
      body: isForm ? body : body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: JSON.parse(text) as Json };
  }
}

/** The code of a refusal. */
export const errorOf = ({ body }: Reply): Json => body['error'] as Json;

/** The id of a message that was taken. */
export const idOf = ({ body }: Reply): string => (body['messages'] as readonly { readonly id: string }[])[0]?.id ?? '';
