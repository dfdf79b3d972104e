import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsDate,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  registerDecorator,
} from 'class-validator';

import { MayBeAbsent } from '../../../platform/http/may-be-absent.js';
import { TIME_MESSAGE, toDate, toNumber } from '../../../platform/http/query-fields.js';
import { type Permission, PERMISSIONS } from '../../access/index.js';
import { isAddressOrNetwork } from '../domain/address-list.js';

const AreNetworks = (): PropertyDecorator => (target, key) => {
  registerDecorator({
    name: 'areNetworks',
    target: target.constructor,
    propertyName: String(key),
    validator: {
      validate: (value: unknown) =>
        Array.isArray(value) && value.every((one) => typeof one === 'string' && isAddressOrNetwork(one)),
      defaultMessage: () => `each of ${String(key)} must be an address or a network, such as 192.0.2.0/24`,
    },
  });
};

export class CreateApiKeyRequest {
  /** For people: what uses it. */
  @IsString()
  @Length(1, 100)
  readonly name!: string;

  /** What it may do; permissions that you hold yourself. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(Object.keys(PERMISSIONS), { each: true })
  readonly scopes!: Permission[];

  /** Which sessions it sees; every one that you see when it is left out. */
  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1000)
  @ArrayUnique()
  @Matches(/^[a-z0-9-]{1,64}$/, { each: true, message: 'each of sessionIds must be 1 to 64 of a-z, 0-9 and -' })
  readonly sessionIds?: string[];

  /** Addresses and networks from which it may be used; from anywhere when it is left out. */
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(100)
  @AreNetworks()
  readonly addresses?: string[];

  /** Messages that it may send a day (UTC). */
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(10_000_000)
  readonly dailyQuota?: number;

  /** ISO 8601; never when it is left out. */
  @MayBeAbsent()
  @toDate
  @IsDate(TIME_MESSAGE)
  readonly expiresAt?: Date;
}

export class ListApiKeysQuery {
  /** What keys begin with: for a key that was found somewhere. */
  @IsOptional()
  @Matches(/^wp_[a-z0-9_]{0,40}$/, { message: 'prefix must be what a key begins with' })
  readonly prefix?: string;

  @IsOptional()
  @toNumber
  @IsInt()
  @Min(1)
  @Max(200)
  readonly limit: number = 50;

  @IsOptional()
  @IsString()
  @Length(1, 512)
  readonly cursor?: string;
}

export class ApiKeyParams {
  @Matches(/^key_[0-9a-z]{1,40}$/, { message: 'id must be the id of a key' })
  readonly id!: string;
}
