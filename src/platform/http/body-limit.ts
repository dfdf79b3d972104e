import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

/** A route that takes larger bodies than the others, up to so many bytes. */
export const BodyLimit = (bytes: number): MethodDecorator => RouteConfig({ bodyLimit: bytes });

/** A route that gets the bytes as they came, with `@RawBody()`, and reads them itself; nothing of them is checked. */
export const RawBodyUpTo = (bytes: number): MethodDecorator => RouteConfig({ bodyLimit: bytes, isRaw: true });

/** Before the routes are registered: each that says so gets its own limit, never a smaller one than all have. */
export const registerBodyLimits = (fastify: FastifyInstance, limitOfAll: number): void => {
  fastify.addHook('onRoute', (route) => {
    const { bodyLimit } = (route.config ?? {}) as { readonly bodyLimit?: unknown };
    if (typeof bodyLimit === 'number') route.bodyLimit = Math.max(bodyLimit, limitOfAll);
  });
};
