import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

type Json = Record<string, unknown>;

export interface Notification {
  readonly raw: Buffer;
  readonly body: Json;
  readonly isSignedRight: boolean;
}

export interface Change {
  readonly account: string;
  readonly time: number | undefined;
  readonly field: string;
  readonly value: Json;
}

interface Envelope {
  readonly entry: readonly {
    readonly id: string;
    readonly time?: number;
    readonly changes: readonly { readonly field: string; readonly value: Json }[];
  }[];
}

/** The side of a business that Meta calls: a webhook that checks signatures and answers as it is told. */
export class MetaCallback {
  readonly notifications: Notification[] = [];
  readonly handshakes: URLSearchParams[] = [];
  /** The statuses of the next answers; 200 when there are none. */
  readonly answers: number[] = [];
  verifyToken = 'stand-in-verify-token';

  private constructor(
    private readonly server: Server,
    private readonly secret: string,
  ) {}

  static async listen(secret = 'stand-in-app-secret'): Promise<MetaCallback> {
    const server = createServer();
    const callback = new MetaCallback(server, secret);
    server.on('request', (request, response) => {
      void buffer(request).then((raw) => {
        const { status, text } = callback.take(request.method ?? '', request.url ?? '', raw, request.headers);
        response.writeHead(status).end(text);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return callback;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}/webhook`;
  }

  changes(field = 'messages'): Change[] {
    return this.notifications
      .flatMap(({ body }) => (body as unknown as Envelope).entry)
      .flatMap(({ id, time, changes }) => changes.map((change) => ({ account: id, time, ...change })))
      .filter((change) => change.field === field);
  }

  statuses(id?: string): Json[] {
    const all = this.changes().flatMap(({ value }) => (value['statuses'] ?? []) as Json[]);
    return id === undefined ? all : all.filter((status) => status['id'] === id);
  }

  messages(): Json[] {
    return this.changes().flatMap(({ value }) => (value['messages'] ?? []) as Json[]);
  }

  forget(): void {
    this.notifications.length = 0;
    this.handshakes.length = 0;
    this.answers.length = 0;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private take(method: string, url: string, raw: Buffer, headers: Json): { status: number; text: string } {
    if (method === 'GET') return this.shakeHands(new URL(url, 'http://callback').searchParams);
    const expected = Buffer.from(`sha256=${createHmac('sha256', this.secret).update(raw).digest('hex')}`);
    const given = Buffer.from(String(headers['x-hub-signature-256']));
    const isSignedRight = given.length === expected.length && timingSafeEqual(given, expected);
    const status = this.answers.shift() ?? 200;
    const body = JSON.parse(raw.toString('utf8')) as Json;
    this.notifications.push({ raw, body, isSignedRight });
    return { status, text: '' };
  }

  private shakeHands(query: URLSearchParams): { status: number; text: string } {
    this.handshakes.push(query);
    const isRight = query.get('hub.mode') === 'subscribe' && query.get('hub.verify_token') === this.verifyToken;
    return isRight ? { status: 200, text: query.get('hub.challenge') ?? '' } : { status: 403, text: '' };
  }
}
