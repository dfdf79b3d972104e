import {
  Injectable,
  ValidationPipe,
  type ArgumentMetadata,
  type PipeTransform,
  type ValidationError,
} from '@nestjs/common';

import { InvalidRequestError, type Violation } from './http.errors.js';
import { keepValidationRules } from './validation-rules.js';

/** RFC 6901 gives both signs a meaning of their own. */
const escape = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

type Pointer = (...names: readonly string[]) => string;

const POINTER = {
  body: (...names) => `#/${names.map(escape).join('/')}`,
  query: (...names) => `?${names.join('/')}`,
  param: (...names) => `{${names.join('/')}}`,
  custom: (...names) => names.join('/'),
} as const satisfies Record<ArgumentMetadata['type'], Pointer>;

const flatten = (
  errors: readonly ValidationError[],
  pointer: Pointer,
  parents: readonly string[] = [],
): readonly Violation[] =>
  errors.flatMap((error) => {
    const names = [...parents, error.property];
    const own = Object.values(error.constraints ?? {}).map((detail) => ({ pointer: pointer(...names), detail }));
    return [...own, ...flatten(error.children ?? [], pointer, names)];
  });

const pipeFor = (part: ArgumentMetadata['type']): ValidationPipe =>
  new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => new InvalidRequestError(flatten(errors, POINTER[part])),
  });

/** The whitelist of class-validator looks names up in an object and takes what every object has for known. */
const refuseInherited = (given: unknown, part: ArgumentMetadata['type']): void => {
  if (typeof given !== 'object' || given === null || part === 'custom') return;
  const inherited = Object.keys(given).filter((key) => key in Object.prototype);
  if (inherited.length === 0) return;
  throw new InvalidRequestError(
    inherited.map((key) => ({ pointer: POINTER[part](key), detail: `property ${key} should not exist` })),
  );
};

const isEmpty = (given: unknown): boolean =>
  typeof given === 'object' && given !== null && Object.keys(given).length === 0;

/** Validates bodies, queries and path parameters: unknown fields are refused, every bad field is named. */
@Injectable()
export class RequestValidationPipe implements PipeTransform<unknown, Promise<unknown>> {
  private readonly pipes = {
    body: pipeFor('body'),
    query: pipeFor('query'),
    param: pipeFor('param'),
    custom: pipeFor('custom'),
  } as const satisfies Record<ArgumentMetadata['type'], ValidationPipe>;

  private readonly emptyAllowed = new WeakSet<NonNullable<ArgumentMetadata['metatype']>>();

  constructor() {
    keepValidationRules();
  }

  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // A missing body is validated as an empty one, so that its required fields are named.
    const given = metadata.type === 'body' ? (value ?? {}) : value;
    if (metadata.type === 'body' && (typeof given !== 'object' || Array.isArray(given))) {
      throw new InvalidRequestError([{ pointer: '#', detail: 'must be an object' }]);
    }
    refuseInherited(given, metadata.type);
    if (metadata.type === 'query' && isEmpty(given)) return this.emptyQuery(given, metadata);
    return (await this.pipes[metadata.type].transform(given, metadata)) as unknown;
  }

  /** Most requests have no query: whether that is allowed is a matter of the class, and asked once for each. */
  private async emptyQuery(given: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { metatype } = metadata;
    if (metatype !== undefined && this.emptyAllowed.has(metatype)) return new metatype();
    const query: unknown = await this.pipes.query.transform(given, metadata);
    if (metatype !== undefined) this.emptyAllowed.add(metatype);
    return query;
  }
}
