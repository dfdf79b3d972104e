import type { ShownNumber } from '../cloud-number.repository.js';

/** The number of a cloud session; the secrets are set and never shown. */
export class CloudCredentialsResponse {
  readonly phoneNumberId: string;
  readonly accountId: string;
  readonly hasAccessToken = true;
  readonly hasAppSecret = true;
  readonly hasVerifyToken = true;
  readonly updatedAt: string;

  private constructor({ phoneNumberId, accountId, updatedAt }: ShownNumber) {
    this.phoneNumberId = phoneNumberId;
    this.accountId = accountId;
    this.updatedAt = updatedAt.toISOString();
  }

  static from(number: ShownNumber): CloudCredentialsResponse {
    return new CloudCredentialsResponse(number);
  }
}
