import { Transform } from 'class-transformer';

/** RFC 3339; a date alone is its first moment in UTC. Without a zone a time would be that of the machine. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** A number of a query parameter; what is not written in digits stays a text, for the validators to refuse. */
export const toNumber = Transform(({ value }: { value: unknown }) =>
  typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value,
);

/** JavaScript takes 30 February for 2 March: what no calendar has is no time. */
const readTime = (text: string): Date => {
  const time = new Date(ISO_TIME.test(text) ? text : NaN);
  const [year, month, day] = text.slice(0, 10).split('-').map(Number);
  const isOfCalendar = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day)).getUTCDate() === day;
  return isOfCalendar ? time : new Date(NaN);
};

/** A time of a query parameter, for `@IsDate(TIME_MESSAGE)`. */
export const toDate = Transform(({ value }: { value: unknown }) =>
  typeof value === 'string' ? readTime(value) : value,
);

export const TIME_MESSAGE = { message: '$property must be a time in ISO 8601 with its zone, or a date' };
