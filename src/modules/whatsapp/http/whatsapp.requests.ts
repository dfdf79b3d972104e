import { IsBoolean, IsString, Length } from 'class-validator';

import { IsPhoneNumberE164 } from '../../../platform/http/is-phone-number.js';
import { MayBeAbsent } from '../../../platform/http/may-be-absent.js';

export class SendRequest {
  /** The recipient, as +12025550110. */
  @IsPhoneNumberE164()
  readonly phone!: string;

  /** Up to 4,096 characters. */
  @IsString()
  @Length(1, 4096)
  readonly message!: string;
}

export class ReconnectRequest {
  /** Lets the next pairing be of another number than the one that was linked; for ten minutes. */
  @MayBeAbsent()
  @IsBoolean()
  readonly confirmNumberChange?: boolean;
}
