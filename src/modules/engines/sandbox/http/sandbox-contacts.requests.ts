import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBase64,
  IsBoolean,
  IsIn,
  IsInt,
  IsLatitude,
  IsLongitude,
  IsNumber,
  IsObject,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

import { IsPhoneNumberE164 } from '../../../../platform/http/is-phone-number.js';
import { MayBeAbsent } from '../../../../platform/http/may-be-absent.js';
import { INBOUND_TYPES, type InboundType } from '../../engine.content.js';

/** One MiB, in Base64. */
const MAX_DATA = 1_398_104;
const MAX_SIZE = 67_108_864;
const MAX_AT_ONCE = 1_000;

export class ReceivedMediaRequest {
  /** As the sender claims. */
  @IsString()
  @Length(3, 100)
  readonly mimeType!: string;

  @MayBeAbsent()
  @IsString()
  @Length(1, 255)
  readonly fileName?: string;

  /** The bytes in Base64, at most 1 MiB; or `size`. */
  @MayBeAbsent()
  @IsBase64()
  @MaxLength(MAX_DATA)
  readonly data?: string;

  /** Without `data`: how many bytes are made up. */
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(MAX_SIZE)
  readonly size?: number;
}

export class ReceivedLocationRequest {
  @IsNumber()
  @IsLatitude()
  readonly latitude!: number;

  @IsNumber()
  @IsLongitude()
  readonly longitude!: number;

  @MayBeAbsent()
  @IsString()
  @Length(1, 256)
  readonly name?: string;

  @MayBeAbsent()
  @IsString()
  @Length(1, 512)
  readonly address?: string;
}

export class ReceivedContactRequest {
  @IsString()
  @Length(1, 256)
  readonly name!: string;

  /** As the sender wrote them. */
  @IsArray()
  @ArrayMaxSize(10)
  @IsString({ each: true })
  @Length(1, 64, { each: true })
  readonly phones!: string[];
}

export class ReceivedPollRequest {
  @IsString()
  @Length(1, 255)
  readonly question!: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(12)
  @IsString({ each: true })
  @Length(1, 100, { each: true })
  readonly options!: string[];
}

export class ReceiveRequest {
  /** Who writes. */
  @IsPhoneNumberE164()
  readonly from!: string;

  /** Told by what else is given when it is left out: `text`, or the kind of the file. */
  @MayBeAbsent()
  @IsIn(INBOUND_TYPES)
  readonly type?: InboundType;

  /** The text, or the caption of a file. */
  @MayBeAbsent()
  @IsString()
  @Length(1, 65_536)
  readonly text?: string;

  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => ReceivedMediaRequest)
  readonly media?: ReceivedMediaRequest;

  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => ReceivedLocationRequest)
  readonly location?: ReceivedLocationRequest;

  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => ReceivedContactRequest)
  readonly contacts?: ReceivedContactRequest[];

  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => ReceivedPollRequest)
  readonly poll?: ReceivedPollRequest;

  /** Who is mentioned in the text. */
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(100)
  @IsPhoneNumberE164({ each: true })
  readonly mentions?: string[];

  @MayBeAbsent()
  @IsBoolean()
  readonly isForwarded?: boolean;

  /** The group in which it is written. */
  @MayBeAbsent()
  @Matches(/^[0-9-]{5,48}@g\.us$/, { message: 'group must be a group, such as 120363000000000001@g.us' })
  readonly group?: string;

  /** Provider's id of the message that it answers. */
  @MayBeAbsent()
  @IsString()
  @Length(1, 128)
  readonly replyTo?: string;

  /** Provider's id; the same again is the same message told twice. */
  @MayBeAbsent()
  @IsString()
  @Length(1, 64)
  readonly id?: string;

  /** How many of them, one after the other; with `id` the further ones are called id-2, id-3 and so on. */
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(MAX_AT_ONCE)
  readonly count?: number;
}

class ChangedMessageRequest {
  /** Which one, by the provider's id. */
  @IsString()
  @Length(1, 128)
  readonly providerMessageId!: string;
}

export class EditRequest extends ChangedMessageRequest {
  /** What it says from now on. */
  @IsString()
  @Length(1, 65_536)
  readonly text!: string;
}

export class RevokeRequest extends ChangedMessageRequest {}

export class ReactionRequest extends ChangedMessageRequest {
  /** Who reacts. */
  @IsPhoneNumberE164()
  readonly from!: string;

  /** Empty takes the reaction back. */
  @IsString()
  @MaxLength(32)
  readonly emoji!: string;
}

export class CallRequest {
  /** Who calls. */
  @IsPhoneNumberE164()
  readonly from!: string;

  /** Of the call; the same again is the same call told twice. */
  @MayBeAbsent()
  @IsString()
  @Length(1, 64)
  readonly id?: string;

  @MayBeAbsent()
  @IsBoolean()
  readonly isVideo?: boolean;

  @MayBeAbsent()
  @IsBoolean()
  readonly isGroup?: boolean;
}

export class GroupRequest {
  @IsString()
  @Length(1, 100)
  readonly name!: string;

  /** Who is in it beside the linked number. */
  @IsArray()
  @ArrayMaxSize(1_024)
  @IsPhoneNumberE164({ each: true })
  readonly participants!: string[];

  /** Only administrators may write. */
  @MayBeAbsent()
  @IsBoolean()
  readonly isAnnouncement?: boolean;
}
