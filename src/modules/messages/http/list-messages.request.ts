import { IsDate, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';

import { parsePhoneNumber } from '../../../kernel/phone-number.js';
import { withoutAbsent } from '../../../kernel/without-absent.js';
import { IsPhoneNumberE164 } from '../../../platform/http/is-phone-number.js';
import { TIME_MESSAGE, toDate, toNumber } from '../../../platform/http/query-fields.js';
import { INBOUND_TYPES } from '../../engines/index.js';
import { OUTBOUND_MESSAGE_TYPES } from '../domain/message-content.js';
import { MESSAGE_STATUSES } from '../domain/message-status.js';
import { IsSearch } from './is-search.js';
import type { MessageFilters } from '../message-history.repository.js';

const MESSAGE_TYPES = [...new Set([...OUTBOUND_MESSAGE_TYPES, ...INBOUND_TYPES])];

/** Which messages: each one narrows the list. */
export class MessageFilterQuery {
  @IsOptional()
  @Matches(/^[a-z0-9-]{1,64}$/, { message: 'sessionId must be 1 to 64 of a-z, 0-9 and -' })
  readonly sessionId?: string;

  @IsOptional()
  @IsIn(['OUTBOUND', 'INBOUND'])
  readonly direction?: string;

  @IsOptional()
  @IsIn(MESSAGE_STATUSES)
  readonly status?: string;

  @IsOptional()
  @IsPhoneNumberE164()
  readonly to?: string;

  @IsOptional()
  @IsPhoneNumberE164()
  readonly from?: string;

  @IsOptional()
  @IsIn(MESSAGE_TYPES)
  readonly type?: string;

  @IsOptional()
  @Matches(/^bat_[0-9a-z]{1,40}$/, { message: 'batchId must be the id of a batch' })
  readonly batchId?: string;

  /** Created at or after this time, ISO 8601. */
  @IsOptional()
  @toDate
  @IsDate(TIME_MESSAGE)
  readonly since?: Date;

  /** Created before this time, ISO 8601. */
  @IsOptional()
  @toDate
  @IsDate(TIME_MESSAGE)
  readonly until?: Date;

  /**
   * Words that the text, the caption or the question of a poll has to contain, in any order and anywhere in it, also
   * within a longer word; a single character or emoji is enough. Case, accents and width make no difference, and every
   * other character stands for itself. A message is found shortly after it is stored, mostly within a second. A page of
   * a search may hold fewer messages than `limit`, or none, while `nextCursor` leads on to more.
   */
  @IsOptional()
  @IsSearch()
  readonly q?: string;
}

/** Only what was given narrows the list; numbers are stored as E.164, and every way of writing one must find it. */
export const toFilters = ({ from, to, ...query }: MessageFilterQuery): MessageFilters => {
  const { sessionId, direction, status, type, batchId, since, until, q } = query;
  return withoutAbsent({
    ...{ sessionId, direction, status, type, batchId, since, until, q },
    from: from && (parsePhoneNumber(from) ?? from),
    to: to && (parsePhoneNumber(to) ?? to),
  });
};

export class ListMessagesQuery extends MessageFilterQuery {
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

export class MessageParams {
  @Matches(/^msg_[0-9a-z]{1,40}$/, { message: 'id must be the id of a message' })
  readonly id!: string;
}
