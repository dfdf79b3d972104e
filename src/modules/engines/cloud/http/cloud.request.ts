import { IsString, Length, Matches } from 'class-validator';

const META_ID = { message: '$property must be 1 to 32 digits' };
const SECRET = { message: '$property must be printable ASCII without spaces' };

export class CloudSessionParams {
  @Matches(/^[a-z0-9-]{1,64}$/, { message: '$property must be 1 to 64 of a-z, 0-9 and -' })
  readonly id!: string;
}

export class SetCloudCredentialsRequest {
  /** Meta's id of the number, which is not the number. */
  @Matches(/^[0-9]{1,32}$/, META_ID)
  readonly phoneNumberId!: string;

  /** Meta's id of the WhatsApp Business Account that the number belongs to. */
  @Matches(/^[0-9]{1,32}$/, META_ID)
  readonly accountId!: string;

  /** Of a system user; never shown again. */
  @IsString()
  @Length(8, 1024)
  @Matches(/^[\x21-\x7e]+$/, SECRET)
  readonly accessToken!: string;

  /** Of the app that sends the webhooks; never shown again. */
  @IsString()
  @Length(8, 256)
  @Matches(/^[\x21-\x7e]+$/, SECRET)
  readonly appSecret!: string;

  /** As it is typed into the App Dashboard beside the address of the webhook; never shown again. */
  @IsString()
  @Length(8, 256)
  @Matches(/^[\x21-\x7e]+$/, SECRET)
  readonly verifyToken!: string;
}
