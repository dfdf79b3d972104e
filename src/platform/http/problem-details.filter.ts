import { randomUUID } from 'node:crypto';

import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { AppError, type ErrorKind } from '../../kernel/errors/app-error.js';
import { toDatabaseError } from '../prisma/prisma-errors.js';
import {
  BodyTooLargeError,
  InternalError,
  MalformedBodyError,
  RouteNotFoundError,
  UnsupportedMediaTypeError,
} from './http.errors.js';
import { LimitExceededError } from './throttle/limit-exceeded.errors.js';
import { tellLimits } from './throttle/rate-limit.js';

/** Adding a kind without a status is a compile error. */
export const STATUS_BY_KIND = {
  'invalid-input': 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  gone: 410,
  conflict: 409,
  'too-large': 413,
  'unsupported-media': 415,
  unsupported: 422,
  'rate-limited': 429,
  'upstream-failed': 502,
  unavailable: 503,
  'storage-full': 507,
  internal: 500,
} as const satisfies Record<ErrorKind, number>;

/** RFC 9457 problem document. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly instance: string;
  readonly code: string;
  readonly [extension: string]: unknown;
}

/** What Fastify and Nest throw by themselves, in our words. */
const fromFramework = (error: HttpException | (Error & { readonly statusCode: number })): AppError => {
  const status = error instanceof HttpException ? error.getStatus() : error.statusCode;
  if (status === 404) return new RouteNotFoundError('There is no such route.');
  if (status === 413) return new BodyTooLargeError('The body is larger than this route accepts.');
  if (status === 415) return new UnsupportedMediaTypeError('Send application/json.');
  if (status < 500) return new MalformedBodyError('The request could not be read.');
  return new InternalError('Something went wrong here; the log has it under this request id.', { cause: error });
};

const toAppError = (thrown: unknown): AppError => {
  const error = toDatabaseError(thrown);
  if (error instanceof AppError) return error;
  if (error instanceof HttpException) return fromFramework(error);
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') {
    return fromFramework(error as Error & { readonly statusCode: number });
  }
  return new InternalError('Something went wrong here; the log has it under this request id.', { cause: error });
};

export const toProblem = (error: AppError, requestId: string): ProblemDocument => ({
  ...error.extensions,
  type: `/errors#${error.code}`,
  title: error.code.replaceAll('-', ' '),
  status: STATUS_BY_KIND[error.kind],
  detail: error.message,
  instance: `urn:uuid:${requestId}`,
  code: error.code,
});

/** Every error of every route leaves here, as RFC 9457; a 5xx says nothing but its code and the request id. */
@Catch()
export class ProblemDetailsFilter implements ExceptionFilter<unknown> {
  private readonly logger = new Logger(ProblemDetailsFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const request = http.getRequest<FastifyRequest>();
    const error = toAppError(thrown);
    const problem = toProblem(error, request.id || randomUUID());

    if (problem.status >= 500) {
      const { method, routeOptions } = request;
      this.logger.error({ err: error.cause ?? error, method, route: routeOptions.url }, problem.code);
    }
    if (reply.sent) return;
    if (error.retryAfterSeconds !== undefined) void reply.header('retry-after', String(error.retryAfterSeconds));
    if (error instanceof LimitExceededError) tellLimits(reply, [error.verdict]);
    if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
    void reply.status(problem.status).type('application/problem+json').send(problem);
  }
}
