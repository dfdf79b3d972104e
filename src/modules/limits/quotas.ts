import { Inject, Injectable } from '@nestjs/common';

import { LimitsConfig } from '../../config/config.slices.js';
import type { Verdict } from '../../platform/http/throttle/rate-limit.js';
import { WindowCounters } from '../../platform/http/throttle/window-counters.js';
import type { Principal } from '../access/index.js';
import type { Session } from '../sessions/index.js';
import { AcceptedRepository } from './accepted.repository.js';
import { type Day, dayOf } from './domain/day.js';
import { QuotaExceededError } from './limits.errors.js';

const DAY_SECONDS = 86_400;

type QuotaName = 'key-day' | 'person-day' | 'session-day';

/** One quota that applies to a message. */
interface Applying {
  readonly name: QuotaName;
  readonly quota: number;
  readonly of: string;
}

/** What was taken off the quotas that apply. */
export interface QuotaTaken {
  readonly verdicts: readonly Verdict[];
  /** For what was not accepted after all. */
  giveBack(count: number): Promise<void>;
}

/** No quota applies. */
export const NOTHING_TAKEN: QuotaTaken = { verdicts: [], giveBack: () => Promise.resolve() };

/**
 * Messages that may be accepted in a day (UTC): by a key, by a person, for a session. All processes that share a Redis
 * count together; what a counter has lost is counted again from the messages themselves.
 */
@Injectable()
export class Quotas {
  constructor(
    private readonly counters: WindowCounters,
    private readonly accepted: AcceptedRepository,
    @Inject(LimitsConfig) private readonly config: LimitsConfig,
  ) {}

  /** Takes `count` off every quota that applies, or off none of them: then it throws. */
  async take(principal: Principal, session: Session, count: number): Promise<QuotaTaken> {
    const applying = this.applying(principal, session);
    if (applying.length === 0) return NOTHING_TAKEN;
    const day = dayOf(new Date());
    const verdicts: Verdict[] = [];
    const giveBack = async (given: number): Promise<void> => {
      const taken = applying.slice(0, verdicts.length);
      await Promise.all(taken.map(({ name, of }) => this.counters.counter(name).giveBack(`${of}:${day.name}`, given)));
    };
    try {
      for (const one of applying) verdicts.push(await this.takeOne(one, count, day));
    } catch (error) {
      await giveBack(count);
      throw error;
    }
    return { verdicts, giveBack };
  }

  private async takeOne({ name, quota, of }: Applying, count: number, day: Day): Promise<Verdict> {
    const verdict = await this.counters
      .counter(name)
      .take({ name, quota, windowSeconds: DAY_SECONDS }, `${of}:${day.name}`, {
        ...{ count, lifeMs: day.endsInMs },
        usedBefore: () => this.count(name, of, day.start),
      });
    if (!verdict.isAllowed) throw new QuotaExceededError(verdict);
    return verdict;
  }

  private applying({ kind, id, dailyQuota }: Principal, session: Session): readonly Applying[] {
    const applying: Applying[] = [];
    const add = (name: QuotaName, quota: number | null | undefined, of: string): void => {
      if (quota !== null && quota !== undefined) applying.push({ name, quota, of });
    };
    if (kind === 'api-key') add('key-day', dailyQuota, id);
    if (kind === 'user') add('person-day', this.config.dailyMessagesPerPerson, id);
    add('session-day', session.settings.dailyQuota, session.id);
    return applying;
  }

  private count(name: QuotaName, of: string, since: Date): Promise<number> {
    if (name === 'key-day') return this.accepted.countOfKey(of, since);
    if (name === 'person-day') return this.accepted.countOfPerson(of, since);
    return this.accepted.countOfSession(of, since);
  }
}
