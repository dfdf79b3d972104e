import { isUtf8 } from 'node:buffer';

import type { FastifyInstance, FastifyRequest } from 'fastify';

import { MalformedBodyError, UnsupportedMediaTypeError } from './http.errors.js';

/** Deeper JSON overflows the stack of class-transformer; no body of ours is deeper than eight levels. */
const MAX_DEPTH = 32;
const QUOTE = 34;
const BACKSLASH = 92;
const OPENERS = new Set([91, 123]);
const CLOSERS = new Set([93, 125]);

/** The deepest nesting of a JSON text, without parsing it. */
export const jsonDepth = (text: string): number => {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === BACKSLASH) i += 1;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (OPENERS.has(code)) deepest = Math.max(deepest, ++depth);
    else if (CLOSERS.has(code)) depth -= 1;
  }
  return deepest;
};

/** PostgreSQL stores neither U+0000 nor half of a surrogate pair: both are refused with the body, on every route. */
const isStorable = (body: string): boolean =>
  body.isWellFormed() && !/(?<!\\)(?:\\\\)*\\u(?:0000|[dD][89abAB])/.test(body);

const hasOnlyStorableText = (value: unknown): boolean => {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (value === null || typeof value !== 'object') return true;
  return Object.values(value).every(hasOnlyStorableText);
};

const isRawRoute = ({ routeOptions }: FastifyRequest): boolean =>
  (routeOptions.config as { readonly isRaw?: unknown }).isRaw === true;

/** JSON is all that is read. Replaces its parser: bounded depth, no `__proto__` and no `constructor.prototype`, only text that can be kept. */
export const registerJsonBody = (fastify: FastifyInstance): void => {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeContentTypeParser(['application/json', 'text/plain']);
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const { 'content-encoding': encoding = 'identity' } = request.headers;
    if (encoding !== 'identity') {
      done(new UnsupportedMediaTypeError('Send the body as it is, without Content-Encoding.'));
      return;
    }
    if (isRawRoute(request)) {
      Object.assign(request, { rawBody: body });
      done(null, undefined);
      return;
    }
    if (typeof body === 'string' || !isUtf8(body)) {
      done(new MalformedBodyError('The body is not UTF-8.'));
      return;
    }
    const text = body.toString();
    if (text.trim() === '') {
      done(null, undefined);
      return;
    }
    if (jsonDepth(text) > MAX_DEPTH) {
      done(new MalformedBodyError(`The body is nested deeper than ${String(MAX_DEPTH)} levels.`));
      return;
    }
    void parse(request, text, (error: Error | null, value?: unknown) => {
      if (error) done(new MalformedBodyError('The body is not valid JSON, or holds a forbidden key.'));
      else if (!isStorable(text) && !hasOnlyStorableText(value)) {
        done(new MalformedBodyError('The body holds U+0000 or half of a surrogate pair.'));
      } else done(null, value);
    });
  });
};
