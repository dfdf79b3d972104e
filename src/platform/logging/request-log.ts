import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Asked every few seconds by machines: their lines would hide the others. */
const QUIET = /^\/(?:health(?:\/live|\/ready)?|metrics)$/;

interface Asker {
  readonly principal?: { readonly kind: string; readonly id: string };
}

/**
 * One line per request: what was asked in the words of the route, never of the caller (no path, no query string, no
 * header, no body), who asked, and what came of it. A hook of Fastify and not the middleware of nestjs-pino: only here
 * the route and the principal are known (ADR 0031).
 */
export const registerRequestLog = (fastify: FastifyInstance): void => {
  const logger = new Logger('Http');
  fastify.addHook('onResponse', (request: FastifyRequest & Asker, reply, done) => {
    const { principal, routeOptions, method } = request;
    const route = request.is404 ? undefined : routeOptions.url;
    const line = {
      requestId: request.id,
      method,
      route: route ?? 'unmatched',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      ...(principal === undefined ? {} : { principal: principal.kind, principalId: principal.id }),
    };
    // "Not ready" is an answer of /health/ready and no failure; what fails is told where it changes.
    if (route !== undefined && QUIET.test(route)) logger.debug(line, 'request');
    else if (reply.statusCode >= 500) logger.warn(line, 'request failed');
    else logger.log(line, 'request');
    done();
  });
};
