import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBase64,
  IsBoolean,
  IsEmail,
  IsLatitude,
  IsLongitude,
  IsNumber,
  IsObject,
  IsString,
  IsUrl,
  Length,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';

import { IsPhoneNumberE164 } from '../../../platform/http/is-phone-number.js';
import { IsTextMap } from '../../../platform/http/is-text-map.js';
import { MayBeAbsent } from '../../../platform/http/may-be-absent.js';

const MESSAGE_ID = /^msg_[0-9a-z]{1,40}$/;
const MEDIA_ID = /^med_[0-9a-z]{1,40}$/;

/** A file: by the id of an upload, by its address, or in the body. */
export class MediaSourceRequest {
  /** Of a file that was uploaded. */
  @MayBeAbsent()
  @Matches(MEDIA_ID, { message: 'mediaId must be the id of a file' })
  readonly mediaId?: string;

  /** Where it is fetched from, once, when the message is accepted. */
  @MayBeAbsent()
  @IsUrl({ require_protocol: true, protocols: ['http', 'https'], require_tld: false })
  @MaxLength(2048)
  readonly url?: string;

  /** The bytes in Base64. */
  @MayBeAbsent()
  @IsBase64()
  readonly data?: string;

  /** Shown to the recipient of a document. */
  @MayBeAbsent()
  @IsString()
  @Length(1, 255)
  readonly fileName?: string;
}

/** An image, a video or a document; up to 1,024 characters below it. */
export class CaptionedMediaRequest extends MediaSourceRequest {
  @MayBeAbsent()
  @IsString()
  @Length(1, 1024)
  readonly caption?: string;
}

export class LocationRequest {
  /** Degrees, -90 to 90. */
  @IsNumber()
  @IsLatitude()
  readonly latitude!: number;

  /** Degrees, -180 to 180. */
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

export class ContactRequest {
  @IsString()
  @Length(1, 256)
  readonly name!: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @IsPhoneNumberE164({ each: true })
  readonly phones!: string[];

  @MayBeAbsent()
  @IsString()
  @Length(1, 256)
  readonly organization?: string;

  @MayBeAbsent()
  @IsEmail()
  readonly email?: string;
}

export class PollRequest {
  @IsString()
  @Length(1, 255)
  readonly question!: string;

  @IsArray()
  @ArrayMinSize(2)
  @ArrayMaxSize(12)
  @ArrayUnique()
  @IsString({ each: true })
  @Length(1, 100, { each: true })
  readonly options!: string[];

  /** Whether more than one option may be chosen. */
  @MayBeAbsent()
  @IsBoolean()
  readonly allowsSeveral?: boolean;
}

export class ReactionRequest {
  /** The message that the reaction is about. */
  @Matches(MESSAGE_ID, { message: 'messageId must be the id of a message' })
  readonly messageId!: string;

  /** One emoji; empty takes the reaction back. */
  @IsString()
  @MaxLength(32)
  @Matches(/^(?:\p{RGI_Emoji})?$/v, { message: 'emoji must be one emoji, or empty' })
  readonly emoji!: string;
}

export class TemplateUseRequest {
  /** Of a template; or its name. */
  @MayBeAbsent()
  @Matches(/^tpl_[0-9a-z]{1,40}$/, { message: 'id must be the id of a template' })
  readonly id?: string;

  @MayBeAbsent()
  @IsString()
  @Length(1, 128)
  readonly name?: string;

  /** With a name: which language of it, such as pt-BR. */
  @MayBeAbsent()
  @IsString()
  @Length(2, 35)
  readonly language?: string;

  @MayBeAbsent()
  @IsTextMap()
  readonly variables?: Record<string, string>;
}

/** What a message says: exactly one of these. */
export class MessageContentRequest {
  /** Up to 4,096 characters. */
  @MayBeAbsent()
  @IsString()
  @Length(1, 4096)
  readonly text?: string;

  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => CaptionedMediaRequest)
  readonly image?: CaptionedMediaRequest;

  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => CaptionedMediaRequest)
  readonly video?: CaptionedMediaRequest;

  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => MediaSourceRequest)
  readonly audio?: MediaSourceRequest;

  /** A voice note: Opus in Ogg. */
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => MediaSourceRequest)
  readonly voice?: MediaSourceRequest;

  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => CaptionedMediaRequest)
  readonly document?: CaptionedMediaRequest;

  /** WebP. */
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => MediaSourceRequest)
  readonly sticker?: MediaSourceRequest;

  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => LocationRequest)
  readonly location?: LocationRequest;

  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @ValidateNested({ each: true })
  @Type(() => ContactRequest)
  readonly contacts?: ContactRequest[];

  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => PollRequest)
  readonly poll?: PollRequest;

  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => ReactionRequest)
  readonly reaction?: ReactionRequest;

  /** A local template, filled in; it is sent as a text. */
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => TemplateUseRequest)
  readonly template?: TemplateUseRequest;
}
