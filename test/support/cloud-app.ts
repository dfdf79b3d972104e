import { createHmac } from 'node:crypto';

import { MetaStandIn } from '../../src/meta-stand-in/meta-stand-in.js';
import { eventually } from './eventually.js';
import type { Answer, HttpClient } from './http-client.js';
import { createTestApp, type TestApp, type TestAppOptions } from './test-app.js';

type Json = Record<string, unknown>;

export const SESSION = 'meta';
export const PERSON = '+12025550110';
export const NUMBER = { id: '300000000000001', displayPhoneNumber: '+1 202-555-0199', verifiedName: 'Shop' };
export const CREDENTIALS = {
  phoneNumberId: NUMBER.id,
  accountId: '200000000000001',
  accessToken: 'EAAG-stand-in-access-token',
  appSecret: 'stand-in-app-secret-0001',
  verifyToken: 'stand-in-verify-token-01',
};

export interface MessageDetail {
  readonly id: string;
  readonly status: string;
  readonly error?: { readonly code: string; readonly detail: string };
  readonly timeline: readonly { readonly status: string; readonly attempt?: number }[];
}

/** `sha256=…` of these bytes, as Meta signs them. */
export const signatureOf = (bytes: string | Uint8Array, secret = CREDENTIALS.appSecret): string =>
  `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`;

/** An application and a stand-in for Meta that tell each other everything on loopback. */
export class CloudApp {
  private constructor(
    readonly app: TestApp,
    readonly admin: HttpClient,
    readonly meta: MetaStandIn,
  ) {}

  static async open(options: TestAppOptions = {}): Promise<CloudApp> {
    const account = { id: CREDENTIALS.accountId, numbers: [NUMBER] };
    const { appSecret: secret, accessToken, verifyToken } = CREDENTIALS;
    const meta = await MetaStandIn.listen({ apps: [{ secret, accessToken, verifyToken, accounts: [account] }] });
    const env = {
      GRAPH_API_URL: `${meta.url}/v26.0`,
      OUTBOX_RETRY_BASE_MS: '10',
      SESSION_RECONNECT_BASE_MS: '20',
      ...options.env,
    };
    const app = await createTestApp({ ...options, env });
    const cloud = new CloudApp(app, await app.as('ADMIN'), meta);
    await cloud.control('PUT', 'apps/100000000000001', {
      webhook_url: `${app.url}/webhook`,
      verify_token: verifyToken,
    });
    return cloud;
  }

  /** With a session that is READY. */
  static async linked(options: TestAppOptions = {}): Promise<CloudApp> {
    const cloud = await CloudApp.open(options);
    await cloud.addSession();
    await cloud.start();
    await cloud.untilStatus('READY');
    return cloud;
  }

  async addSession(id = SESSION, credentials: object = CREDENTIALS): Promise<void> {
    const made = await this.admin.post('/v1/sessions', { id, name: 'Meta', engine: 'cloud' });
    if (made.status !== 201) throw new Error(`no session was made: ${made.text}`);
    const set = await this.setCredentials(credentials, id);
    if (set.status !== 200) throw new Error(`no credentials were set: ${set.text}`);
  }

  setCredentials(credentials: object, id = SESSION): Promise<Answer> {
    return this.admin.call(`/v1/sessions/${id}/cloud`, { method: 'PUT', body: credentials });
  }

  async start(id = SESSION): Promise<void> {
    const started = await this.admin.post(`/v1/sessions/${id}/start`);
    if (started.status !== 202) throw new Error(`it was not started: ${started.text}`);
  }

  async stop(id = SESSION): Promise<void> {
    await this.admin.post(`/v1/sessions/${id}/stop`);
    await this.untilStatus('DISCONNECTED', id);
  }

  async statusOf(
    id = SESSION,
  ): Promise<{ readonly status: string; readonly reason?: string; readonly phone?: string }> {
    return (await this.admin.get<{ status: string; reason?: string; phone?: string }>(`/v1/sessions/${id}`)).body;
  }

  async untilStatus(status: string, id = SESSION): Promise<void> {
    await eventually(async () => (await this.statusOf(id)).status === status);
  }

  /** The control API of the stand-in; what it refuses is a fault of the test. */
  async control<T = Json>(method: string, path: string, body?: Json): Promise<T> {
    const response = await fetch(`${this.meta.url}/_control/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${method} ${path}: ${text}`);
    return JSON.parse(text) as T;
  }

  async openWindow(): Promise<void> {
    await this.control('PUT', `contacts/${PERSON.slice(1)}`, { window: 'open' });
  }

  async send(body: object): Promise<string> {
    const answer = await this.admin.post<{ id: string }>('/v1/messages', { sessionId: SESSION, to: PERSON, ...body });
    if (answer.status !== 202) throw new Error(`it was not accepted: ${answer.text}`);
    return answer.body.id;
  }

  async detail(id: string): Promise<MessageDetail> {
    return (await this.admin.get<MessageDetail>(`/v1/messages/${id}`)).body;
  }

  async untilMessage(id: string, ...statuses: readonly string[]): Promise<void> {
    await eventually(async () => statuses.includes((await this.detail(id)).status));
  }

  /** How often Meta has taken each try of a message. */
  async arrivals(id: string): Promise<number> {
    const { counts } = await this.control<{ counts: Record<string, number> }>('GET', 'arrivals');
    return Object.entries(counts)
      .filter(([opaque]) => opaque.startsWith(`${id}:`))
      .reduce((sum, [, count]) => sum + count, 0);
  }

  /** A webhook as Meta would send it; signed unless a header says otherwise. */
  tell(
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
    path = '/webhook',
  ): Promise<Answer> {
    return this.app.client.call(path, {
      method: 'POST',
      rawBody: body,
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': signatureOf(body), ...headers },
    });
  }

  async close(): Promise<void> {
    await this.meta.close();
    await this.app.close();
  }
}

/** The frame of a notification about our number. */
export const notification = (value: Json, phoneNumberId = NUMBER.id): string =>
  JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [
      {
        id: CREDENTIALS.accountId,
        changes: [
          {
            field: 'messages',
            value: {
              messaging_product: 'whatsapp',
              metadata: { display_phone_number: '12025550199', phone_number_id: phoneNumberId },
              ...value,
            },
          },
        ],
      },
    ],
  });

const seconds = (): string => String(Math.floor(Date.now() / 1000));

/** One text of the person, as an element of `messages`. */
export const textMessage = (id: string, body: string, from = PERSON.slice(1)): Json => ({
  ...{ from, id, timestamp: seconds(), type: 'text' },
  text: { body },
});

/** One element of `statuses`. */
export const statusUpdate = (id: string, status: string, more: Json = {}): Json => ({
  ...{ id, status, timestamp: seconds(), recipient_id: PERSON.slice(1) },
  ...more,
});
