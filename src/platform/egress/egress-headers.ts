import { HeaderRefusedError } from './egress.errors.js';

const MAX_HEADERS = 32;
const MAX_BYTES = 8192;
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/;
/** RFC 9110, 5.5, without what is not ASCII: a line break here would begin a header of its own. */
const VALUE = /^[\x20-\x7e\t]*$/;

/** Say where a message ends, whom it is for, or how the connection goes on: ours alone. */
const OURS: ReadonlySet<string> = new Set([
  ...['host', 'content-length', 'transfer-encoding', 'connection', 'keep-alive', 'upgrade', 'te', 'trailer'],
  ...['expect', 'accept-encoding', 'http2-settings', 'forwarded', 'via'],
]);

const isOurs = (name: string): boolean => OURS.has(name) || /^(?:proxy-|x-forwarded-|sec-)/.test(name);

/** The headers that somebody wants with a request; throws `HeaderRefusedError` for one that they must not set. */
export const checkHeaders = (given: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  const headers = Object.entries(given).map(([name, value]) => [name.toLowerCase(), value] as const);
  const bytes = headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (headers.length > MAX_HEADERS || bytes > MAX_BYTES) {
    throw new HeaderRefusedError(`At most ${String(MAX_HEADERS)} headers of ${String(MAX_BYTES)} bytes can be set.`);
  }
  for (const [name, value] of headers) {
    if (!NAME.test(name)) throw new HeaderRefusedError('One of the names is no name of a header.');
    if (isOurs(name)) throw new HeaderRefusedError(`${name} cannot be set.`);
    if (!VALUE.test(value)) throw new HeaderRefusedError(`The value of ${name} holds a sign that no header can hold.`);
  }
  return Object.fromEntries(headers);
};
