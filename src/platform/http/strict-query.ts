import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';

import { InvalidRequestError } from './http.errors.js';

const QUERY = `${String(RouteParamtypes.QUERY)}:`;

/** Refuses query parameters on routes that read none; routes that read some name theirs in a class. */
@Injectable()
export class StrictQuery implements NestInterceptor {
  private readonly readers = new WeakMap<object, boolean>();

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { query } = context.switchToHttp().getRequest<FastifyRequest>();
    const names = Object.keys(query as object);
    if (names.length > 0 && !this.readsQuery(context)) {
      throw new InvalidRequestError(
        names.map((name) => ({ pointer: `?${name}`, detail: `${name} is not known here` })),
      );
    }
    return next.handle();
  }

  private readsQuery(context: ExecutionContext): boolean {
    const handler = context.getHandler();
    const known = this.readers.get(handler);
    if (known !== undefined) return known;
    const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), handler.name) ?? {}) as object;
    const reads = Object.keys(parameters).some((key) => key.startsWith(QUERY));
    this.readers.set(handler, reads);
    return reads;
  }
}
