import { type CallHandler, type ExecutionContext, Injectable, Logger, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { firstValueFrom, from, type Observable, of } from 'rxjs';

import { type SealedColumn, SealedColumns } from '../../crypto/sealed-columns.js';
import type { RowKey, SecretBox } from '../../crypto/secret-box.js';
import { currentRequest } from '../request-context.js';
import { hashBody, parseIdempotencyKey } from './idempotency-key.js';
import { IdempotencyKeyInUseError, IdempotencyKeyReusedError } from './idempotency.errors.js';
import { IdempotencyRepository, type KeptAnswer, type KeyScope } from './idempotency.repository.js';

interface Held {
  readonly scope: KeyScope;
  readonly since: Date;
}

const ANSWER: SealedColumn = {
  table: 'idempotency_key',
  column: 'body',
  key: ['principal', 'route', 'key'],
  type: 'jsonb',
};

const rowOf = ({ principal, route, key }: KeyScope): RowKey => [principal, route, key];

/**
 * Gives a repeated request the answer of the first one. Only answers of success are kept: a request that failed has
 * changed nothing and may be repeated with its key. They are kept sealed, because some hold a secret that is shown once
 * (ADR 0023).
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly logger = new Logger(IdempotencyInterceptor.name);
  private readonly box: SecretBox;

  constructor(
    private readonly answers: IdempotencyRepository,
    columns: SealedColumns,
  ) {
    this.box = columns.box(ANSWER);
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const key = parseIdempotencyKey(request.headers['idempotency-key']);
    const actor = currentRequest()?.actor;
    if (key === null || !actor) return next.handle();

    const route = `${request.method} ${request.routeOptions.url ?? ''}`;
    const scope = { principal: `${actor.kind}:${actor.id}`, route, key };
    const claim = await this.answers.claim(scope, hashBody({ params: request.params, body: request.body }));
    if (claim.outcome === 'running') throw new IdempotencyKeyInUseError();
    if (claim.outcome === 'other-body') throw new IdempotencyKeyReusedError();
    if (claim.outcome === 'answered') return this.replay(scope, claim.answer, reply);
    return from(this.answer({ scope, since: claim.since }, next, reply));
  }

  private replay(scope: KeyScope, { status, body }: KeptAnswer, reply: FastifyReply): Observable<unknown> {
    const text = this.box.open(body, rowOf(scope));
    // It was changed since: what it said cannot be told, and must not be done twice.
    if (text === null) throw new IdempotencyKeyReusedError();
    void reply.status(status).header('idempotency-replayed', 'true');
    return of(JSON.parse(text) as unknown);
  }

  private async answer({ scope, since }: Held, next: CallHandler, reply: FastifyReply): Promise<unknown> {
    let value: unknown;
    try {
      value = await firstValueFrom(next.handle(), { defaultValue: undefined });
    } catch (error) {
      await this.tolerate(this.answers.release(scope, since));
      throw error;
    }
    const body = this.box.seal(JSON.stringify(value ?? null), rowOf(scope));
    await this.tolerate(this.answers.keep(scope, since, { status: reply.statusCode, body }));
    return value;
  }

  /** What was done is done: that its key could not be written must not turn the answer into an error. */
  private async tolerate(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.logger.warn({ err: error }, 'an Idempotency-Key could not be written');
    }
  }
}
