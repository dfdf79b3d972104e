import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

import { IsPhoneNumberE164 } from '../../../platform/http/is-phone-number.js';
import { MayBeAbsent } from '../../../platform/http/may-be-absent.js';
import { toNumber } from '../../../platform/http/query-fields.js';
import { SessionSettingsRequest } from './session-settings.request.js';

const ID = { message: '$property must be 1 to 64 of a-z, 0-9 and -' };

export class CreateSessionRequest {
  /** 1 to 64 of a-z, 0-9 and -; it never changes. */
  @Matches(/^[a-z0-9-]{1,64}$/, ID)
  readonly id!: string;

  @IsString()
  @Length(1, 100)
  readonly name!: string;

  /** How it talks to WhatsApp; it never changes. */
  @IsIn(['web', 'cloud', 'sandbox'])
  readonly engine!: 'web' | 'cloud' | 'sandbox';

  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => SessionSettingsRequest)
  readonly settings?: SessionSettingsRequest;

  /** Its way out: http://user:password@host:port, https:// or socks5://; the answers tell only host and port. */
  @IsOptional()
  @IsString()
  @Length(1, 2048)
  readonly proxy?: string | null;
}

export class ChangeSessionRequest {
  @MayBeAbsent()
  @IsString()
  @Length(1, 100)
  readonly name?: string;

  /** Settings that are given replace theirs one by one; the others stay. */
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => SessionSettingsRequest)
  readonly settings?: SessionSettingsRequest;

  /** From the next opening on; null for none. */
  @IsOptional()
  @IsString()
  @Length(1, 2048)
  readonly proxy?: string | null;
}

export class PageQuery {
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

export class SessionParams {
  @Matches(/^[a-z0-9-]{1,64}$/, ID)
  readonly id!: string;
}

export class SessionPhoneParams extends SessionParams {
  /** As +12025550110. */
  @IsPhoneNumberE164()
  readonly phone!: string;
}

export class SessionChatParams extends SessionParams {
  /** A phone number, or a group. */
  @IsString()
  @Length(5, 64)
  readonly chat!: string;
}

export class PairingCodeRequest {
  /** The number that is to be linked, as +12025550110. */
  @IsPhoneNumberE164()
  readonly phone!: string;
}

export class TypingRequest {
  @IsIn(['composing', 'recording', 'paused'])
  readonly state!: 'composing' | 'recording' | 'paused';
}

export class ReconnectSessionRequest {
  /** The next pairing may be of another number. */
  @MayBeAbsent()
  @IsBoolean()
  readonly confirmNumberChange?: boolean;
}
