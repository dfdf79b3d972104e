import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsDate,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

import { IsTextMap } from '../../../platform/http/is-text-map.js';
import { MayBeAbsent } from '../../../platform/http/may-be-absent.js';
import { TIME_MESSAGE, toDate, toNumber } from '../../../platform/http/query-fields.js';

export const MAX_RECIPIENTS = 10_000;

const SESSION_ID = /^[a-z0-9-]{1,64}$/;
const SESSION = { message: 'sessionId must be 1 to 64 of a-z, 0-9 and -' };

export class BulkRecipientRequest {
  /** As +12025550110, or a group. One that cannot be reached stops nobody else: it is in the result file. */
  @IsString()
  @MaxLength(64)
  readonly to!: string;

  /** A text for each place of the template; before those that the template brings for everybody. */
  @MayBeAbsent()
  @IsTextMap()
  readonly variables?: Record<string, string>;
}

export class BulkTemplateRequest {
  /** Either the id, or the name and, where there are several, the language. */
  @MayBeAbsent()
  @Matches(/^tpl_[0-9a-z]{1,40}$/, { message: 'id must be the id of a template' })
  readonly id?: string;

  @MayBeAbsent()
  @Matches(/^[a-z0-9_]{1,128}$/, { message: 'name must be 1 to 128 of a-z, 0-9 and _' })
  readonly name?: string;

  @MayBeAbsent()
  @IsString()
  @Length(2, 35)
  readonly language?: string;

  /** For every recipient who brings no text of its own for the place. */
  @MayBeAbsent()
  @IsTextMap()
  readonly variables?: Record<string, string>;
}

export class SendBulkRequest {
  /** The session to send from; `default` when it is left out. */
  @MayBeAbsent()
  @Matches(SESSION_ID, SESSION)
  readonly sessionId?: string;

  /** 1 to 10,000; a number that comes more than once, however it is written, is one recipient. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_RECIPIENTS)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => BulkRecipientRequest)
  readonly recipients!: BulkRecipientRequest[];

  /** The same text for everybody, up to 4,096 characters; or a template. */
  @MayBeAbsent()
  @IsString()
  @Length(1, 4096)
  readonly text?: string;

  /** A template that is filled for each recipient; or a text. */
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => BulkTemplateRequest)
  readonly template?: BulkTemplateRequest;

  /** When it leaves at the earliest, ISO 8601; at once when it is left out or over. */
  @MayBeAbsent()
  @toDate
  @IsDate(TIME_MESSAGE)
  readonly scheduledAt?: Date;

  /** What has not left by then is not sent, ISO 8601. */
  @MayBeAbsent()
  @toDate
  @IsDate(TIME_MESSAGE)
  readonly expiresAt?: Date;

  /** -100 to 100; higher ones leave first. What goes to one recipient keeps its order. */
  @MayBeAbsent()
  @IsInt()
  @Min(-100)
  @Max(100)
  readonly priority?: number;

  /** When nobody can know whether one left: hold it (default), send it again, or let it go. */
  @MayBeAbsent()
  @IsIn(['hold', 'retry', 'drop'])
  readonly onUncertain?: 'hold' | 'retry' | 'drop';
}

export class ListBatchesQuery {
  @IsOptional()
  @Matches(SESSION_ID, SESSION)
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

export class BatchParams {
  @Matches(/^bat_[0-9a-z]{1,40}$/, { message: 'id must be the id of a batch' })
  readonly id!: string;
}
