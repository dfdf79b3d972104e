import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { LimitsConfig } from '../../../config/config.slices.js';
import { TooManyRequestsError } from '../http.errors.js';
import { clientNetwork } from './client-network.js';
import { COUNTED_AS, type CountedAs } from './counted-as.js';
import { type RateLimitPolicy, tellLimits, type Verdict } from './rate-limit.js';
import type { WindowCounter } from './window-counter.js';
import { WindowCounters } from './window-counters.js';

const WINDOW_SECONDS = 60;

/** Who has proved themselves. */
export interface Caller {
  readonly kind: string;
  readonly id: string;
}

interface Counted {
  readonly policy: RateLimitPolicy;
  readonly counter: WindowCounter;
}

const allow = (reply: FastifyReply, verdict: Verdict): boolean => {
  tellLimits(reply, [verdict]);
  if (verdict.isAllowed) return true;
  const { policy, resetSeconds } = verdict;
  throw new TooManyRequestsError('Too many requests within a minute. Wait, then try again.', {
    extensions: { policy: policy.name },
    retryAfterSeconds: resetSeconds,
  });
};

/** Counts every request against whoever makes it: a key, a person, or the network that a stranger comes from. */
@Injectable()
export class RequestLimits {
  private readonly kinds = new WeakMap<object, CountedAs>();
  private readonly byCaller: Readonly<
    Record<'requests' | 'sends', { readonly key: Counted; readonly person: Counted }>
  >;
  private readonly byNetwork: Counted;

  constructor(
    counters: WindowCounters,
    private readonly reflector: Reflector,
    @Inject(LimitsConfig) config: LimitsConfig,
  ) {
    const counted = (name: string, quota: number): Counted => ({
      policy: { name, quota, windowSeconds: WINDOW_SECONDS },
      counter: counters.counter(name),
    });
    this.byCaller = {
      requests: {
        key: counted('key-minute', config.requestsPerKey),
        person: counted('person-minute', config.requestsPerPerson),
      },
      sends: {
        key: counted('key-sends-minute', config.sendsPerKey),
        person: counted('person-sends-minute', config.sendsPerPerson),
      },
    };
    this.byNetwork = counted('network-minute', config.requestsPerNetwork);
  }

  /**
   * Counts this request and puts what is left into the answer; throws when nothing is. Null for a caller who has not
   * proved who they are. Answers without a promise unless Redis has to be asked.
   */
  admit(context: ExecutionContext, caller: Caller | null): boolean | Promise<boolean> {
    const kind = this.kindOf(context);
    if (kind === 'nothing') return true;
    const http = context.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const { policy, counter } = this.limitOf(kind, caller);
    const subject = caller?.id ?? clientNetwork(http.getRequest<FastifyRequest>().ip);
    const verdict = counter.take(policy, subject);
    return verdict instanceof Promise ? verdict.then((late) => allow(reply, late)) : allow(reply, verdict);
  }

  private limitOf(kind: 'requests' | 'sends', caller: Caller | null): Counted {
    if (caller === null) return this.byNetwork;
    return this.byCaller[kind][caller.kind === 'api-key' ? 'key' : 'person'];
  }

  private kindOf(context: ExecutionContext): CountedAs {
    const handler = context.getHandler();
    const known = this.kinds.get(handler);
    if (known !== undefined) return known;
    const kind = this.reflector.getAllAndOverride<CountedAs | undefined>(COUNTED_AS, [handler, context.getClass()]);
    this.kinds.set(handler, kind ?? 'requests');
    return kind ?? 'requests';
  }
}
