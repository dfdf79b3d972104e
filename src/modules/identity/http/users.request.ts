import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsString, Length, Max, Min } from 'class-validator';

import { MayBeAbsent } from '../../../platform/http/may-be-absent.js';
import { ROLE_NAMES, type Role } from '../../access/index.js';
import { EmailField, NameField, NewPasswordField, SessionIdsField } from './fields.js';

const MAX_LIMIT = 200;
const DEFAULT_LIMIT = 50;
const MAX_CURSOR = 512;

export class CreateUserRequest {
  @EmailField()
  readonly email: string;

  @NameField()
  readonly name: string;

  @IsIn(ROLE_NAMES)
  readonly role: Role;

  /** 12 to 1024 characters. Left out: one is made, and told once in the answer. */
  @MayBeAbsent()
  @NewPasswordField()
  readonly password?: string;

  /** Sessions that this person may see; an administrator sees all of them. */
  @MayBeAbsent()
  @SessionIdsField()
  readonly sessionIds?: string[];
}

export class ChangeUserRequest {
  @MayBeAbsent()
  @NameField()
  readonly name?: string;

  /** Ends the access tokens of this person. */
  @MayBeAbsent()
  @IsIn(ROLE_NAMES)
  readonly role?: Role;

  /** 12 to 1024 characters. Ends every sign-in of this person. */
  @MayBeAbsent()
  @NewPasswordField()
  readonly password?: string;

  /** Takes the place of the sessions granted so far. */
  @MayBeAbsent()
  @SessionIdsField()
  readonly sessionIds?: string[];

  /** A disabled person cannot sign in. */
  @MayBeAbsent()
  @IsBoolean()
  readonly disabled?: boolean;
}

export class ListUsersQuery {
  @MayBeAbsent()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_LIMIT)
  readonly limit: number = DEFAULT_LIMIT;

  /** `nextCursor` of the page before. */
  @MayBeAbsent()
  @IsString()
  @Length(1, MAX_CURSOR)
  readonly cursor?: string;
}
