import type { IncomingMessage } from 'node:http';

import type { FastifyInstance } from 'fastify';

/** Of the HTTP server: a request has so long for its headers. */
export const SLOW_CLIENT_LIMITS = { headersTimeout: 15_000, requestTimeout: 0, connectionsCheckingInterval: 5000 };

/** From then on a body must have come in at this pace on average: files may be large, and lines slow. */
const GRACE_MS = 30_000;
const MIN_BYTES_PER_SECOND = 4096;
const LOOK_MS = 1000;

interface Arrival {
  readonly sinceMs: number;
  /** What had come through the connection before. */
  readonly bytesBefore: number;
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  'transfer-encoding' in headers || (headers['content-length'] ?? '0') !== '0';

const isTooSlow = ({ socket }: IncomingMessage, { sinceMs, bytesBefore }: Arrival): boolean => {
  const elapsedMs = performance.now() - sinceMs;
  return elapsedMs > GRACE_MS && socket.bytesRead - bytesBefore < (elapsedMs / 1000) * MIN_BYTES_PER_SECOND;
};

/**
 * Closes the connection of a body that trickles in. A limit for whole requests, as Node.js has one, would end uploads as
 * well; and a timer for each request costs more than one look at all of them.
 */
export const registerSlowClients = (fastify: FastifyInstance): void => {
  const arriving = new Map<IncomingMessage, Arrival>();
  fastify.addHook('onRequest', ({ raw }, _reply, done) => {
    if (hasBody(raw)) arriving.set(raw, { sinceMs: performance.now(), bytesBefore: raw.socket.bytesRead });
    done();
  });
  const timer = setInterval(() => {
    for (const [request, arrival] of arriving) {
      if (request.complete || request.destroyed) arriving.delete(request);
      else if (isTooSlow(request, arrival)) request.socket.destroy();
    }
  }, LOOK_MS).unref();
  fastify.addHook('onClose', (_fastify, done) => {
    clearInterval(timer);
    done();
  });
};
