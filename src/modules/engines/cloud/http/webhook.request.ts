import { IsOptional, IsString, Matches } from 'class-validator';

export class WebhookParams {
  @Matches(/^[a-z0-9-]{1,64}$/, { message: '$property must be 1 to 64 of a-z, 0-9 and -' })
  readonly sessionId!: string;
}

/** "Create a webhook endpoint": what Meta sends in a handshake. What is missing is refused as a whole, with 403. */
export class WebhookHandshakeQuery {
  @IsOptional()
  @IsString()
  readonly 'hub.mode'?: string;

  @IsOptional()
  @IsString()
  readonly 'hub.verify_token'?: string;

  @IsOptional()
  @IsString()
  readonly 'hub.challenge'?: string;
}
