import type { FailedCall } from './graph-errors.js';

/** A certificate is checked before the first byte of a request leaves; a name is looked up even earlier. */
const BEFORE_ANY_BYTE: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

interface SystemError {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** Causes are followed as far as `fetch` nests them; a chain that bites its tail ends here too. */
const DEEPEST_CAUSE = 5;

const neverConnected = (thrown: unknown, depth = 0): boolean => {
  if (typeof thrown !== 'object' || thrown === null || depth > DEEPEST_CAUSE) return false;
  const { code, syscall, cause, errors } = thrown as SystemError;
  // Several addresses were tried, one after the other.
  if (Array.isArray(errors) && errors.length > 0) return errors.every((error) => neverConnected(error, depth + 1));
  if (typeof code === 'string' && BEFORE_ANY_BYTE.has(code)) return true;
  // A time-out or a reset is harmless while connecting, and says nothing afterwards.
  return syscall === 'connect' || neverConnected(cause, depth + 1);
};

/** What a thrown error of the HTTP client tells: surely nothing has left, or nobody knows. */
export const failedCallOf = (thrown: unknown): FailedCall => ({
  kind: neverConnected(thrown) ? 'not-connected' : 'no-answer',
});
