import { registerDecorator, IsInt, IsLocale, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';

import { IsTextMap } from '../../../platform/http/is-text-map.js';
import { MayBeAbsent } from '../../../platform/http/may-be-absent.js';
import { toNumber } from '../../../platform/http/query-fields.js';
import { isWellFormedBody } from '../domain/places.js';

const SESSION = { message: 'sessionId must be 1 to 64 of a-z, 0-9 and -' };

const HasOnlyPlaces = (): PropertyDecorator => (target, key) => {
  registerDecorator({
    name: 'hasOnlyPlaces',
    target: target.constructor,
    propertyName: String(key),
    validator: {
      validate: (value: unknown) => typeof value === 'string' && isWellFormedBody(value),
      defaultMessage: () => `${String(key)} may hold places such as {{name}}, and no other double braces`,
    },
  });
};

export class ReplaceTemplateRequest {
  /** 1 to 128 of a-z, 0-9 and _. */
  @Matches(/^[a-z0-9_]{1,128}$/, { message: 'name must be 1 to 128 of a-z, 0-9 and _' })
  readonly name!: string;

  /** BCP 47, such as pt-BR. */
  @IsString()
  @Length(2, 35)
  @IsLocale()
  readonly language!: string;

  /** Up to 4,096 characters, with places such as {{name}}. */
  @IsString()
  @Length(1, 4096)
  @HasOnlyPlaces()
  readonly body!: string;
}

export class CreateTemplateRequest extends ReplaceTemplateRequest {
  /** Of which session; of every one when it is left out. */
  @MayBeAbsent()
  @Matches(/^[a-z0-9-]{1,64}$/, SESSION)
  readonly sessionId?: string;
}

export class PreviewTemplateRequest {
  /** A text for each place. */
  @MayBeAbsent()
  @IsTextMap()
  readonly variables?: Record<string, string>;
}

export class ListTemplatesQuery {
  @IsOptional()
  @Matches(/^[a-z0-9-]{1,64}$/, SESSION)
  readonly sessionId?: string;

  @IsOptional()
  @Matches(/^[a-z0-9_]{1,128}$/, { message: 'name must be 1 to 128 of a-z, 0-9 and _' })
  readonly name?: string;

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

export class TemplateParams {
  @Matches(/^tpl_[0-9a-z]{1,40}$/, { message: 'id must be the id of a template' })
  readonly id!: string;
}
