import { Matches } from 'class-validator';

export class WebhookParams {
  @Matches(/^[a-z0-9-]{1,64}$/, { message: '$property must be 1 to 64 of a-z, 0-9 and -' })
  readonly sessionId!: string;
}
