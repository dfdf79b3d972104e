import type { FastifyInstance } from 'fastify';

import type { Metrics } from './metrics.js';

const BUCKETS_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Counts and times every answer by the pattern of its route, so that no caller can invent a time series. */
export const registerRequestMetrics = (fastify: FastifyInstance, metrics: Metrics): void => {
  const durations = metrics.histogram<'method' | 'route' | 'status'>({
    name: 'waypost_http_request_duration_seconds',
    help: 'Time until an answer was sent, by route and class of status.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS_SECONDS,
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    durations.observe(
      {
        method: METHODS.has(request.method) ? request.method : 'other',
        route: request.is404 ? 'unmatched' : (request.routeOptions.url ?? 'unmatched'),
        status: `${String(Math.floor(reply.statusCode / 100))}xx`,
      },
      reply.elapsedTime / 1000,
    );
    done();
  });
};
