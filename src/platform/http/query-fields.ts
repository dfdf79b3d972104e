import { Transform } from 'class-transformer';

/** RFC 3339; a date alone is its first moment in UTC. Without a zone a time would be that of the machine. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** A number of a query parameter; what is not written in digits stays a text, for the validators to refuse. */
export const toNumber = Transform(({ value }: { value: unknown }) =>
  typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value,
);

/** A time of a query parameter, for `@IsDate(TIME_MESSAGE)`. */
export const toDate = Transform(({ value }: { value: unknown }) =>
  typeof value === 'string' ? new Date(ISO_TIME.test(value) ? value : NaN) : value,
);

export const TIME_MESSAGE = { message: '$property must be a time in ISO 8601 with its zone, or a date' };
