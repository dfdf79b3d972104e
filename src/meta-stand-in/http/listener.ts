import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

import { type Answer, answerJson, type Call, type Outcome } from './exchange.js';

/** The largest media is 100 MB, and a form has some more around it. */
const MAX_BODY_BYTES = 104 * 1024 * 1024;

export type Application = (call: Call) => Promise<Outcome>;

/** The HTTP server; it knows nothing of what is asked. */
export class Listener {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async open(host: string, port: number, application: Application): Promise<Listener> {
    const server = createServer((request, response) => {
      void serve(request, response, application);
    });
    server.listen(port, host);
    await once(server, 'listening');
    const address = server.address() as AddressInfo;
    const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
    return new Listener(server, `http://${name}:${String(address.port)}`);
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}

const serve = async (request: IncomingMessage, response: ServerResponse, application: Application): Promise<void> => {
  try {
    const body = await read(request);
    const outcome = body === undefined ? tooLarge() : await application(toCall(request, body));
    give(outcome, response);
  } catch (error) {
    // The caller went away, or a fault of the stand-in itself: nobody is to take that for one of Meta.
    if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
    response.end(`A fault of the stand-in: ${String(error)}`);
  }
};

const read = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks);
};

const toCall = (request: IncomingMessage, body: Buffer): Call => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stand-in');
  const headers = Object.entries(request.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : value,
  ]);
  return {
    method: request.method ?? 'GET',
    path: pathname,
    query: searchParams,
    headers: Object.fromEntries(headers) as Call['headers'],
    body,
    remoteAddress: request.socket.remoteAddress ?? '',
  };
};

const tooLarge = (): Answer =>
  answerJson({ error: { message: '(#100) Request body is too large.', type: 'OAuthException', code: 100 } }, 413);

const give = (outcome: Outcome, response: ServerResponse): void => {
  if (outcome === 'hang') return;
  if (outcome === 'cut') {
    response.destroy();
    return;
  }
  const answer = 'truncated' in outcome ? outcome.truncated : outcome;
  response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length });
  if (answer === outcome) {
    response.end(answer.body);
    return;
  }
  response.write(answer.body.subarray(0, Math.ceil(answer.body.length / 2)), () => response.destroy());
};
