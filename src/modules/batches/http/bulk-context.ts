import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { type RequestKey, requestKeyOf } from '../../../platform/http/idempotency/request-key.js';
import { NotAuthenticatedError, type Principal, type WithPrincipal } from '../../access/index.js';

/** What a bulk send brings beside its body. */
export interface BulkContext {
  readonly principal: Principal;
  /** The Idempotency-Key; null without one. */
  readonly once: RequestKey | null;
  readonly reply: FastifyReply;
}

export const BulkContext = createParamDecorator((_data: unknown, context: ExecutionContext): BulkContext => {
  const http = context.switchToHttp();
  const request = http.getRequest<FastifyRequest & WithPrincipal>();
  if (!request.principal) throw new NotAuthenticatedError('Sign in first.');
  return { principal: request.principal, once: requestKeyOf(request), reply: http.getResponse<FastifyReply>() };
});
