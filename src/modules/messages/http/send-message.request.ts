import { IsIn, IsString, Length, Matches } from 'class-validator';

import { IsPhoneNumberE164 } from '../../../platform/http/is-phone-number.js';
import { MayBeAbsent } from '../../../platform/http/may-be-absent.js';

export class SendMessageRequest {
  /** The session to send from; `default` when it is left out. */
  @MayBeAbsent()
  @Matches(/^[a-z0-9-]{1,64}$/, { message: 'sessionId must be 1 to 64 of a-z, 0-9 and -' })
  readonly sessionId?: string;

  /** The recipient, as +12025550110. */
  @IsPhoneNumberE164()
  readonly to!: string;

  @MayBeAbsent()
  @IsIn(['text'])
  readonly type?: 'text';

  /** Up to 4,096 characters. */
  @IsString()
  @Length(1, 4096)
  readonly text!: string;

  /** When nobody can know whether it left: hold it (default), send it again (at least once), or let it go (at most once). */
  @MayBeAbsent()
  @IsIn(['hold', 'retry', 'drop'])
  readonly onUncertain?: 'hold' | 'retry' | 'drop';
}

export class SendMessageQuery {
  /** `sent`: answer when the message has been sent, or after 30 s. */
  @MayBeAbsent()
  @IsIn(['sent'])
  readonly wait?: 'sent';
}
