import { IsString, Length } from 'class-validator';

import { IsRecipient } from '../../../platform/http/is-phone-number.js';

export class EditMessageRequest {
  /** Up to 4,096 characters. */
  @IsString()
  @Length(1, 4096)
  readonly text!: string;
}

export class ForwardMessageRequest {
  /** The recipient, as +12025550110, or a group, as 120363021234567890@g.us. */
  @IsRecipient()
  readonly to!: string;
}
