/** Longer texts are the dump of something: their beginning says what it was. */
const MAX_TEXT = 4000;
const MAX_CAUSES = 4;

/** What a log line says about an error: listed here, so that a library's own members (options, requests) stay out. */
export interface SerializedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: SerializedError;
}

const short = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

const messageOf = (error: Error): string => {
  if (error.message === '' && 'errors' in error && Array.isArray(error.errors)) {
    return error.errors.map((inner) => (Error.isError(inner) ? inner.message : String(inner))).join('; ');
  }
  return error.message;
};

export const serializeError = (thrown: unknown, depth = 0): SerializedError => {
  if (!Error.isError(thrown)) return { type: typeof thrown, message: short(String(thrown)) };
  const { code } = thrown as { readonly code?: unknown };
  return {
    type: thrown.name,
    message: short(messageOf(thrown)),
    ...(typeof code === 'string' ? { code } : {}),
    ...(thrown.stack === undefined ? {} : { stack: short(thrown.stack) }),
    ...(thrown.cause === undefined || depth >= MAX_CAUSES ? {} : { cause: serializeError(thrown.cause, depth + 1) }),
  };
};
