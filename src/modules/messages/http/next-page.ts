import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Where the page after this one is, for clients that follow links (RFC 8288). */
export interface NextPage {
  tell(cursor: string | null): void;
}

const ANY_ORIGIN = 'http://localhost';

export const NextPage = createParamDecorator((_data: unknown, context: ExecutionContext): NextPage => {
  const http = context.switchToHttp();
  const { url } = http.getRequest<FastifyRequest>();
  const reply = http.getResponse<FastifyReply>();
  return {
    tell: (cursor) => {
      if (cursor === null) return;
      // A reference without its origin holds behind every proxy.
      const { pathname, searchParams } = new URL(url, ANY_ORIGIN);
      searchParams.set('cursor', cursor);
      void reply.header('link', `<${pathname}?${searchParams.toString()}>; rel="next"`);
    },
  };
});
