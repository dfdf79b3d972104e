import { Type } from 'class-transformer';
import {
  IsBase64,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

import { IsPhoneNumberE164 } from '../../../../platform/http/is-phone-number.js';
import { MayBeAbsent } from '../../../../platform/http/may-be-absent.js';
import { INBOUND_TYPES, type InboundType } from '../../engine.content.js';

export class SandboxSessionParams {
  @Matches(/^[a-z0-9-]{1,64}$/)
  readonly sessionId!: string;
}

export class ScanRequest {
  /** The number of the pretend phone; a reserved one when it is left out. */
  @MayBeAbsent()
  @IsPhoneNumberE164()
  readonly phone?: string;
}

export class ReceivedMediaRequest {
  /** As the sender claims. */
  @IsString()
  @Length(3, 100)
  readonly mimeType!: string;

  @MayBeAbsent()
  @IsString()
  @Length(1, 255)
  readonly fileName?: string;

  /** The bytes in Base64. */
  @IsBase64()
  readonly data!: string;
}

export class ReceiveRequest {
  /** Who writes. */
  @IsPhoneNumberE164()
  readonly from!: string;

  /** `text` when it is left out. */
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

  /** What the type has beside its text, such as `location` or `contacts`. */
  @MayBeAbsent()
  @IsObject()
  readonly content?: object;

  /** The group in which it is written. */
  @MayBeAbsent()
  @Matches(/^[0-9-]{5,48}@g\.us$/, { message: 'group must be a group, such as 120363000000000001@g.us' })
  readonly group?: string;

  /** Provider's id of the message that it answers. */
  @MayBeAbsent()
  @IsString()
  @Length(1, 64)
  readonly replyTo?: string;

  /** Provider's id; the same again is the same message told twice. */
  @MayBeAbsent()
  @IsString()
  @Length(1, 64)
  readonly id?: string;
}

export class ChangeRequest {
  @IsIn(['edited', 'revoked', 'reacted', 'called'])
  readonly kind!: 'edited' | 'revoked' | 'reacted' | 'called';

  /** Provider's id of the message that is edited, revoked or reacted to; of a call its id. */
  @IsString()
  @Length(1, 64)
  readonly providerMessageId!: string;

  /** With reacted and called: who does it. */
  @MayBeAbsent()
  @IsPhoneNumberE164()
  readonly from?: string;

  /** With edited the new text, with reacted the emoji. */
  @MayBeAbsent()
  @IsString()
  @Length(0, 4096)
  readonly text?: string;
}

export class PairRequest {
  @IsString()
  @Length(4, 16)
  readonly code!: string;
}

export class AckRequest {
  /** Our id of the message, `msg_…`. */
  @IsString()
  @Length(1, 64)
  readonly messageId!: string;

  @IsIn(['SENT', 'DELIVERED', 'READ', 'PLAYED', 'FAILED'])
  readonly status!: 'SENT' | 'DELIVERED' | 'READ' | 'PLAYED' | 'FAILED';
}

export class DisconnectRequest {
  /** `connection` is followed by a reconnection; the others need a new pairing. */
  @IsIn(['connection', 'logged-out', 'auth-failure'])
  readonly reason!: 'connection' | 'logged-out' | 'auth-failure';
}

export class BehaviourRequest {
  /** Milliseconds before a send is answered. */
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(60_000)
  readonly sendDelayMs?: number;

  /** That many sends fail before anything has left; they are tried again. */
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(10_000)
  readonly failNext?: number;

  /** That many sends are swallowed without an answer; they become UNCERTAIN. */
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(10_000)
  readonly dropNext?: number;

  /** false: messages stay SENT until they are acknowledged by hand. */
  @MayBeAbsent()
  @IsBoolean()
  readonly automaticAcks?: boolean;
}

export class OutboxQuery {
  @MayBeAbsent()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  readonly limit: number = 50;
}
