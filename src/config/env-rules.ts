import { Transform } from 'class-transformer';
import { IsInt, IsOptional, IsUrl, Max, Min } from 'class-validator';

const all =
  (...rules: readonly PropertyDecorator[]): PropertyDecorator =>
  (target, key) => {
    for (const rule of rules) rule(target, key);
  };

/** A whole number between two others, both allowed. */
export const Whole = (min: number, max: number): PropertyDecorator =>
  all(
    Transform(({ value }) => Number(value)),
    IsInt(),
    Min(min),
    Max(max),
  );

/** A URL of one of these schemes, or nothing; `localhost` is a host. */
export const OptionalUrl = (...protocols: string[]): PropertyDecorator =>
  all(IsOptional(), IsUrl({ protocols, require_tld: false, require_protocol: true }));

/** `true` or `false`; anything else is left for the validator to refuse. */
export const Truth = Transform(({ value }: { value: unknown }) =>
  value === 'true' || value === 'false' ? value === 'true' : value,
);

/** Parts separated by commas. */
export const List = Transform(({ value }) =>
  String(value)
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

/** Whole numbers separated by commas. */
export const Numbers = Transform(({ value }) => String(value).split(',').map(Number));
