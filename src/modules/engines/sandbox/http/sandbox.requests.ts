import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsString, Length, Matches, Max, Min } from 'class-validator';

import { IsPhoneNumberE164 } from '../../../../platform/http/is-phone-number.js';
import { MayBeAbsent } from '../../../../platform/http/may-be-absent.js';

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
