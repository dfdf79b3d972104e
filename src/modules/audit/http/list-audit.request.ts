import { IsDate, IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

import { TIME_MESSAGE, toDate, toNumber } from '../../../platform/http/query-fields.js';
import { AUDIT_OUTCOMES, type AuditOutcome } from '../domain/audit-entry.js';

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
  @IsDate(TIME_MESSAGE)
  readonly since?: Date;

  /** Only entries before this time. */
  @IsOptional()
  @toDate
  @IsDate(TIME_MESSAGE)
  readonly until?: Date;
}
