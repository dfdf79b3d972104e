import { AppError } from '../../kernel/errors/app-error.js';
import { Prisma } from '../../generated/prisma/client.js';
import { DatabaseUnavailableError, DuplicateError } from './database.errors.js';

/** Prisma's codes for a database that cannot be reached or answered too late (docs: Error message reference). */
const UNREACHABLE = new Set(['P1001', 'P1002', 'P1008', 'P1011', 'P1017', 'P2024', 'P2028', 'P2037']);

/** SQLSTATE classes of PostgreSQL for lost connections, shutdown and exhausted resources (appendix A). */
const UNREACHABLE_SQLSTATE = /^(08|57P0|53)/;
const SOCKET_TROUBLE =
  /ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT|Connection terminated|Query read timeout|timeout exceeded when trying to connect|Server has closed the connection|Can't reach database|is not queryable|after calling end on the pool|ConnectionClosed|SocketTimeout|DatabaseNotReachable/i;

const sqlStateOf = (error: { readonly meta?: unknown; readonly cause?: unknown }): string => {
  const meta = error.meta as { driverAdapterError?: { cause?: { originalCode?: string } } } | undefined;
  const cause = error.cause as { originalCode?: string; code?: string } | undefined;
  return meta?.driverAdapterError?.cause?.originalCode ?? cause?.originalCode ?? cause?.code ?? '';
};

const isUnreachable = (error: Error & { readonly code?: unknown }): boolean =>
  (typeof error.code === 'string' && UNREACHABLE.has(error.code)) ||
  UNREACHABLE_SQLSTATE.test(sqlStateOf(error)) ||
  error.name === 'PrismaClientInitializationError' ||
  SOCKET_TROUBLE.test(error.message);

/** Nothing has left this process: no connection could be made, or none was free. */
const NEVER_SENT =
  /ECONNREFUSED|ENOTFOUND|timeout exceeded when trying to connect|after calling end on the pool|Can't reach database|DatabaseNotReachable/i;
const NEVER_SENT_CODES = new Set(['P1000', 'P1001', 'P1002', 'P2024']);

export const isDatabaseAway = (error: unknown): boolean => error instanceof Error && isUnreachable(error);

/** The database may have done what it was asked: the connection broke, or the time ran out, after the asking. */
export const isAnswerLost = (error: unknown): boolean =>
  error instanceof Error &&
  isUnreachable(error) &&
  !NEVER_SENT.test(error.message) &&
  !('code' in error && typeof error.code === 'string' && NEVER_SENT_CODES.has(error.code));

const UNIQUE_VIOLATION = '23505';

/** A unique key was taken already; statements of our own say it otherwise than those that Prisma makes. */
export const isDuplicate = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError &&
  (error.code === 'P2002' || sqlStateOf(error) === UNIQUE_VIOLATION);

/** What an error of the database means in our own words; anything else is handed back as it is. */
export const toDatabaseError = (error: unknown): unknown => {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  if (isUnreachable(error)) return new DatabaseUnavailableError(error);
  if (isDuplicate(error)) return new DuplicateError(error);
  return error;
};
