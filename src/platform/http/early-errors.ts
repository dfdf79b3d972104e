import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

import type { FastifyReply, FastifyRequest } from 'fastify';

import type { AppError } from '../../kernel/errors/app-error.js';
import { MalformedBodyError, RouteNotFoundError } from './http.errors.js';
import { toProblem } from './problem-details.filter.js';

/** No hook has run yet: the headers that every answer carries are set here. */
const HEADERS = {
  'content-type': 'application/problem+json; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none';frame-ancestors 'none';object-src 'none';base-uri 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/** A path that cannot be decoded, or that is longer than any of ours: there is no such route. */
export const answerBadPath = (_error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
  const problem = toProblem(new RouteNotFoundError('There is no such route.'), request.id);
  void reply
    .status(problem.status)
    .headers({ ...HEADERS, 'x-request-id': request.id })
    .send(JSON.stringify(problem));
};

const unreadable = (): AppError => new MalformedBodyError('The request could not be read.');

const statusOf = (code: string | undefined): number => {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408;
  return code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
};

/** What is not HTTP, or never becomes a whole request. */
export const answerNoRequest = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) {
    const id = randomUUID();
    const status = statusOf(error.code);
    const body = JSON.stringify({ ...toProblem(unreadable(), id), status });
    const headers = { ...HEADERS, 'x-request-id': id, 'content-length': String(Buffer.byteLength(body)) };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(
      `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}connection: close\r\n\r\n${body}`,
    );
  }
  socket.destroy(error);
};
