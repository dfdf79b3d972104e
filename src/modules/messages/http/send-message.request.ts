import { ArrayMaxSize, IsArray, IsBoolean, IsDate, IsIn, IsInt, Matches, Max, Min } from 'class-validator';

import { IsPhoneNumberE164, IsRecipient } from '../../../platform/http/is-phone-number.js';
import { MayBeAbsent } from '../../../platform/http/may-be-absent.js';
import { TIME_MESSAGE, toDate } from '../../../platform/http/query-fields.js';
import { MessageContentRequest } from './message-content.request.js';

/** Kinds that a request to send may name. */
const SENDABLE = [
  ...['text', 'image', 'video', 'audio', 'voice', 'document', 'sticker'],
  ...['location', 'contacts', 'poll', 'reaction', 'template'],
] as const;

/** How and when a message leaves. */
export class SendOptionsRequest extends MessageContentRequest {
  /** The session to send from; `default` when it is left out. */
  @MayBeAbsent()
  @Matches(/^[a-z0-9-]{1,64}$/, { message: 'sessionId must be 1 to 64 of a-z, 0-9 and -' })
  readonly sessionId?: string;

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

  /** When nobody can know whether it left: hold it (default), send it again (at least once), or let it go (at most once). */
  @MayBeAbsent()
  @IsIn(['hold', 'retry', 'drop'])
  readonly onUncertain?: 'hold' | 'retry' | 'drop';
}

export class SendMessageRequest extends SendOptionsRequest {
  /** The recipient, as +12025550110, or a group, as 120363021234567890@g.us. */
  @IsRecipient()
  readonly to!: string;

  /** Says again which content is given; may be left out. */
  @MayBeAbsent()
  @IsIn(SENDABLE)
  readonly type?: (typeof SENDABLE)[number];

  /** Id of the message that this one answers by quoting it. */
  @MayBeAbsent()
  @Matches(/^msg_[0-9a-z]{1,40}$/, { message: 'replyTo must be the id of a message' })
  readonly replyTo?: string;

  /** With a text: the people that it names as @number. */
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(100)
  @IsPhoneNumberE164({ each: true })
  readonly mentions?: string[];

  /** With a text: whether its first link is shown with a preview; false by default. */
  @MayBeAbsent()
  @IsBoolean()
  readonly linkPreview?: boolean;
}

export class SendMessageQuery {
  /** `sent`: answer when the message has been sent, or after 30 s. */
  @MayBeAbsent()
  @IsIn(['sent'])
  readonly wait?: 'sent';
}
