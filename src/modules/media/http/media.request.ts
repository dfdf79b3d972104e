import { IsBoolean, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';

import { MayBeAbsent } from '../../../platform/http/may-be-absent.js';
import { toNumber } from '../../../platform/http/query-fields.js';

export class ListMediaQuery {
  @IsOptional()
  @Matches(/^[a-z0-9-]{1,64}$/, { message: 'sessionId must be 1 to 64 of a-z, 0-9 and -' })
  readonly sessionId?: string;

  @IsOptional()
  @toNumber
  @IsInt()
  @Min(1)
  @Max(200)
  readonly limit: number = 50;

  @IsOptional()
  @IsString()
  @Length(1, 512)
  readonly cursor?: string;
}

export class MediaParams {
  @Matches(/^med_[0-9a-z]{1,40}$/, { message: 'id must be the id of a file' })
  readonly id!: string;
}

export class CleanupMediaRequest {
  /** True by default: only tells what would be removed. */
  @MayBeAbsent()
  @IsBoolean()
  readonly dryRun?: boolean;
}
