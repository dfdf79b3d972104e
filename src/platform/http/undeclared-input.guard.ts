import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import type { FastifyRequest } from 'fastify';

import { InvalidRequestError, UnsupportedMediaTypeError, type Violation } from './http.errors.js';

/** As Nest numbers the parameters of a handler (`RouteParamtypes`), in keys such as `3:0`. */
const BODY = '3';
const QUERY = '4';
const RAW_BODY = '12';

const declaredBy = (context: ExecutionContext): ReadonlySet<string> => {
  const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) as
    Readonly<Record<string, unknown>> | undefined;
  return new Set(Object.keys(parameters ?? {}).map((key) => key.split(':', 1)[0] ?? ''));
};

const keysOf = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null ? Object.keys(value) : [];

const surplus = (key: string, pointer: string): Violation => ({ pointer, detail: `property ${key} should not exist` });

const bodyViolations = (body: unknown): readonly Violation[] => {
  if (body === undefined || body === null) return [];
  if (typeof body !== 'object') return [{ pointer: '#', detail: 'this route takes no body' }];
  return keysOf(body).map((key) => surplus(key, `#/${key}`));
};

/** No text of ours holds U+0000, and PostgreSQL takes none; that of a body is refused with the body. */
const unstorable = (value: unknown, pointerTo: (key: string) => string): readonly Violation[] =>
  keysOf(value)
    .filter((key) =>
      [(value as Readonly<Record<string, unknown>>)[key]].flat().some((text) => String(text).includes('\0')),
    )
    .map((key) => ({ pointer: pointerTo(key), detail: `${key} must not hold U+0000` }));

/** A form is read by the routes that take files, which declare no body. */
const refuseForm = (request: FastifyRequest, context: ExecutionContext): void => {
  if (request.isMultipart() && declaredBy(context).has(BODY)) {
    throw new UnsupportedMediaTypeError('Send the body as application/json.');
  }
};

/**
 * Refuses what no route can read, and what this route does not read at all: the pipes see only what a handler declares, and a misspelt parameter of
 * a route without parameters must not be passed over in silence either.
 */
@Injectable()
export class UndeclaredInputGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { query, params, body } = request;
    refuseForm(request, context);
    const hasInput = keysOf(query).length > 0 || keysOf(params).length > 0;
    if (!hasInput && (body === undefined || body === null)) return true;

    const declared = declaredBy(context);
    const readsBody = declared.has(BODY) || declared.has(RAW_BODY);
    const violations = [
      ...(declared.has(QUERY) ? [] : keysOf(query).map((key) => surplus(key, `?${key}`))),
      ...(readsBody ? [] : bodyViolations(body)),
      ...unstorable(query, (key) => `?${key}`),
      ...unstorable(params, (key) => `{${key}}`),
    ];
    if (violations.length > 0) throw new InvalidRequestError(violations);
    return true;
  }
}
