import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Length,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

import { MayBeAbsent } from '../../../platform/http/may-be-absent.js';

/** Absent leaves it as it is; null switches it off. */
const MayBeNull = (): PropertyDecorator => ValidateIf((_object, value) => value !== undefined && value !== null);

const HOUR_MS = 3_600_000;

export class PacingRequest {
  /** The shortest pause before a message, in milliseconds. */
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(HOUR_MS)
  readonly minDelayMs?: number;

  /** The longest. */
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(HOUR_MS)
  readonly maxDelayMs?: number;

  /** Messages in any 60 seconds; null for no ceiling. */
  @MayBeNull()
  @IsInt()
  @Min(1)
  @Max(10_000)
  readonly perMinute?: number | null;

  /** Messages in any 24 hours; null for no ceiling. */
  @MayBeNull()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  readonly perDay?: number | null;
}

export class AutoReplyRuleRequest {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @Length(1, 100, { each: true })
  readonly keywords!: string[];

  /** The whole message, or a part of it. */
  @IsIn(['exact', 'contains'])
  readonly match!: 'exact' | 'contains';

  @IsString()
  @Length(1, 4096)
  readonly reply!: string;
}

export class AutoRepliesRequest {
  @MayBeAbsent()
  @IsIn(['off', 'echo', 'rules'])
  readonly mode?: 'off' | 'echo' | 'rules';

  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => AutoReplyRuleRequest)
  readonly rules?: AutoReplyRuleRequest[];
}

export class RetentionRequest {
  /** Days that messages are kept; null for ever. */
  @MayBeNull()
  @IsInt()
  @Min(1)
  @Max(36_500)
  readonly messageDays?: number | null;

  /** Days that files are kept; null for ever. */
  @MayBeNull()
  @IsInt()
  @Min(1)
  @Max(36_500)
  readonly mediaDays?: number | null;
}

export class SessionSettingsRequest {
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => PacingRequest)
  readonly pacing?: PacingRequest;

  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => AutoRepliesRequest)
  readonly autoReplies?: AutoRepliesRequest;

  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => RetentionRequest)
  readonly retention?: RetentionRequest;

  /** Messages that are accepted for it in a day (UTC); null for as many as its pace lets through. */
  @MayBeNull()
  @IsInt()
  @Min(1)
  @Max(1_000_000_000)
  readonly dailyQuota?: number | null;

  /** A message that was sent and that nobody has acknowledged by then is UNCONFIRMED, in seconds. */
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(2_592_000)
  readonly confirmTimeoutSeconds?: number;
}
