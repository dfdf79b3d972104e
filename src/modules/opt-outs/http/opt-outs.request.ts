import { IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';

import { IsPhoneNumberE164 } from '../../../platform/http/is-phone-number.js';
import { MayBeAbsent } from '../../../platform/http/may-be-absent.js';
import { toNumber } from '../../../platform/http/query-fields.js';

const SESSION = { message: 'sessionId must be 1 to 64 of a-z, 0-9 and -' };

export class CreateOptOutRequest {
  /** Who wants no messages, as +12025550110. */
  @IsPhoneNumberE164()
  readonly phone!: string;

  /** From which session; from every one when it is left out. */
  @MayBeAbsent()
  @Matches(/^[a-z0-9-]{1,64}$/, SESSION)
  readonly sessionId?: string;

  @MayBeAbsent()
  @IsString()
  @Length(1, 500)
  readonly reason?: string;
}

export class ListOptOutsQuery {
  @IsOptional()
  @IsPhoneNumberE164()
  readonly phone?: string;

  @IsOptional()
  @Matches(/^[a-z0-9-]{1,64}$/, SESSION)
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

export class OptOutParams {
  @Matches(/^opt_[0-9a-z]{1,40}$/, { message: 'id must be the id of an opt-out' })
  readonly id!: string;
}
