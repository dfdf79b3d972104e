import { Transform } from 'class-transformer';
import { IsDate, IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

import { AUDIT_OUTCOMES, type AuditOutcome } from '../domain/audit-entry.js';

const toNumber = Transform(({ value }: { value: unknown }) =>
  typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value,
);

/** RFC 3339; a date alone is its first moment in UTC. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;
const toDate = Transform(({ value }: { value: unknown }) =>
  typeof value === 'string' ? new Date(ISO_TIME.test(value) ? value : NaN) : value,
);
const timeMessage = { message: '$property must be a time in ISO 8601 with its zone, or a date' };

export class ListAuditRequest {
  /** Entries on a page. */
  @toNumber
  @IsInt()
  @Min(1)
  @Max(200)
  readonly limit: number = 50;

  /** `nextCursor` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  readonly cursor?: string;

  /** Only this action, such as `users.create`. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  readonly action?: string;

  /** Only what this user or key did. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  readonly actorId?: string;

  /** Only what was done to this. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  readonly target?: string;

  /** Only acts that ended so. */
  @IsOptional()
  @IsIn(AUDIT_OUTCOMES)
  readonly outcome?: AuditOutcome;

  /** Only entries at or after this time. */
  @IsOptional()
  @toDate
  @IsDate(timeMessage)
  readonly since?: Date;

  /** Only entries before this time. */
  @IsOptional()
  @toDate
  @IsDate(timeMessage)
  readonly until?: Date;
}
