import { Transform } from 'class-transformer';
import { ArrayUnique, IsIn, IsISO8601, IsOptional, Matches } from 'class-validator';

import { USAGE_GROUPS, type UsageGroup } from '../domain/usage.js';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MESSAGE = { message: '$property must be a day such as 2026-01-31' };

export class UsageQuery {
  /** The first day (UTC); without it thirty days up to `to`. */
  @IsOptional()
  @Matches(DAY, DAY_MESSAGE)
  @IsISO8601({ strict: true }, DAY_MESSAGE)
  readonly from?: string;

  /** The last day (UTC), itself included; without it today. */
  @IsOptional()
  @Matches(DAY, DAY_MESSAGE)
  @IsISO8601({ strict: true }, DAY_MESSAGE)
  readonly to?: string;

  /** Some of day, session, key, person, direction and type, with commas between them. */
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : ''))
  @IsIn(USAGE_GROUPS, { each: true })
  @ArrayUnique({ message: 'groupBy must not name one of them twice' })
  readonly groupBy: UsageGroup[] = ['day'];
}
