import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayUnique, IsArray, IsEmail, IsString, Length, Matches, MaxLength } from 'class-validator';

import { normalizeEmail } from '../domain/user.js';

const MAX_EMAIL = 254;
const MAX_NAME = 120;
const MIN_PASSWORD = 12;
const MAX_PASSWORD = 1024;
const MAX_GRANTS = 1000;
/** No control characters: a name stands in logs, mails and tables. */
const PRINTABLE = /^[^\p{Cc}\p{Zl}\p{Zp}]*$/u;
const SESSION_ID = /^[a-z0-9-]{1,64}$/;

/** An address in the one form in which it is stored. */
export const EmailField = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? normalizeEmail(value) : value)),
    MaxLength(MAX_EMAIL),
    IsEmail({ allow_utf8_local_part: false }),
  );

/** A password that somebody chooses; never trimmed, never cut. */
export const NewPasswordField = (): PropertyDecorator =>
  applyDecorators(IsString(), Length(MIN_PASSWORD, MAX_PASSWORD));

/** A password that is compared: whatever may have been chosen once. */
export const PasswordField = (): PropertyDecorator => applyDecorators(IsString(), Length(1, MAX_PASSWORD));

export const NameField = (): PropertyDecorator =>
  applyDecorators(
    IsString(),
    Length(1, MAX_NAME),
    Matches(PRINTABLE, { message: '$property must not hold control characters' }),
  );

export const SessionIdsField = (): PropertyDecorator =>
  applyDecorators(
    IsArray(),
    ArrayMaxSize(MAX_GRANTS),
    ArrayUnique(),
    Matches(SESSION_ID, { each: true, message: 'each value in $property must be a session id (a-z, 0-9, -; 1 to 64)' }),
  );

const MAX_TOKEN = 512;

/** A token that we have issued: opaque, and never longer than this. */
export const TokenField = (): PropertyDecorator => applyDecorators(IsString(), Length(1, MAX_TOKEN));
