import { MayBeAbsent } from '../../../platform/http/may-be-absent.js';
import { EmailField, NameField, NewPasswordField, TokenField } from './fields.js';

export class SetUpRequest {
  /** From the fragment of the one-time setup link. */
  @MayBeAbsent()
  @TokenField()
  readonly token?: string;

  @EmailField()
  readonly email: string;

  /** 12 to 1024 characters. */
  @NewPasswordField()
  readonly password: string;

  @MayBeAbsent()
  @NameField()
  readonly name?: string;
}
