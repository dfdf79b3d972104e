import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import helmet from '@fastify/helmet';
import cookie from '@fastify/cookie';
import multipart from '@fastify/multipart';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

import type { HttpConfig } from './config/config.slices.js';
import { registerBodyLimits } from './platform/http/body-limit.js';
import { answerBadPath, answerNoRequest } from './platform/http/early-errors.js';
import { registerJsonBody } from './platform/http/json-body.js';
import { runInRequest } from './platform/http/request-context.js';
import { registerSlowClients, SLOW_CLIENT_LIMITS } from './platform/http/slow-clients.js';
import { RequestValidationPipe } from './platform/http/validation.pipe.js';
import { registerRequestLog } from './platform/logging/request-log.js';
import { Metrics } from './platform/metrics/metrics.js';
import { registerRequestMetrics } from './platform/metrics/request-metrics.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const MAX_PARAM_LENGTH = 256;

const requestIdOf = (request: IncomingMessage): string => {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && UUID.test(given) ? given.toLowerCase() : randomUUID();
};

export const createAdapter = (config: HttpConfig): FastifyAdapter =>
  new FastifyAdapter({
    bodyLimit: config.bodyLimitBytes,
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    genReqId: requestIdOf,
    requestIdHeader: false,
    forceCloseConnections: true,
    http: SLOW_CLIENT_LIMITS,
    requestTimeout: SLOW_CLIENT_LIMITS.requestTimeout,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    frameworkErrors: answerBadPath,
    clientErrorHandler: answerNoRequest,
  });

/** Everything about the HTTP application that `main.ts` and the e2e tests must share. */
export const setUp = async (app: NestFastifyApplication, config: HttpConfig): Promise<NestFastifyApplication> => {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id).header('cache-control', 'no-store');
    runInRequest({ requestId: request.id, ip: request.ip }, done);
  });
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], objectSrc: ["'none'"], baseUri: ["'none'"] },
    },
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
  });
  await app.register(cookie);
  await app.register(multipart);
  const plain = fastify;
  registerRequestLog(plain);
  registerRequestMetrics(plain, app.get(Metrics));
  registerJsonBody(plain);
  registerBodyLimits(plain, config.bodyLimitBytes);
  registerSlowClients(plain);
  app.useGlobalPipes(new RequestValidationPipe());
  if (config.corsOrigins.length > 0) {
    app.enableCors({
      origin: [...config.corsOrigins],
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders: ['RateLimit', 'RateLimit-Policy', 'Retry-After', 'X-Request-Id', 'Link', 'Idempotency-Replayed'],
    });
  }
  return app;
};
