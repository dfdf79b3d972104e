/** SQLSTATE classes and codes of PostgreSQL that pass: connections, resources, operator intervention (appendix A). */
const PASSING_SQLSTATE = /^(?:08...|53...|57P0[123])$/;
const PASSING_SOCKET = /^(?:ECONN|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|EPIPE|EHOSTUNREACH|ENETUNREACH)/;
const PASSING_TEXT = /Connection terminated|connection timeout|timeout expired|timeout exceeded|ended by server/i;
const MAX_DEPTH = 5;

const partsOf = (error: Error): readonly unknown[] =>
  'errors' in error && Array.isArray(error.errors) ? [error.cause, ...(error.errors as unknown[])] : [error.cause];

/** Whether the database was only away or busy, so that the same call may work later; looks through wrapped errors. */
export const isPassingTrouble = (error: unknown, depth = 0): boolean => {
  if (!Error.isError(error) || depth > MAX_DEPTH) return false;
  const { code } = error as { readonly code?: unknown };
  if (typeof code === 'string' && (PASSING_SQLSTATE.test(code) || PASSING_SOCKET.test(code))) return true;
  if (PASSING_TEXT.test(error.message)) return true;
  return partsOf(error).some((part) => isPassingTrouble(part, depth + 1));
};
