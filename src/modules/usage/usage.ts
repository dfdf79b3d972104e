import { Injectable } from '@nestjs/common';

import { InvalidRequestError } from '../../platform/http/http.errors.js';
import { type Principal, visibleSessions } from '../access/index.js';
import type { UsageFigures, UsageGroup, UsagePeriod } from './domain/usage.js';
import { UsageRepository } from './usage.repository.js';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
const MAX_DAYS = 366;

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The days that are asked for; without them the last thirty, up to today in UTC. */
export const periodOf = ({ from, to }: Partial<UsagePeriod>, now: Date): UsagePeriod => {
  const end = to ?? dayOf(Math.max(now.getTime(), from === undefined ? 0 : Date.parse(from)));
  const start = from ?? dayOf(Date.parse(end) - (DEFAULT_DAYS - 1) * DAY_MS);
  const days = (Date.parse(end) - Date.parse(start)) / DAY_MS + 1;
  if (days < 1) throw new InvalidRequestError([{ pointer: '?to', detail: 'to must not be before from' }]);
  if (days > MAX_DAYS) {
    throw new InvalidRequestError([{ pointer: '?from', detail: `from and to may be ${String(MAX_DAYS)} days apart` }]);
  }
  return { from: start, to: end };
};

/** What was sent and received, for whoever may read it. */
@Injectable()
export class Usage {
  constructor(private readonly usage: UsageRepository) {}

  find(principal: Principal, period: UsagePeriod, groups: readonly UsageGroup[]): Promise<readonly UsageFigures[]> {
    return this.usage.find(visibleSessions(principal), period, groups);
  }
}
