/** What an access token says. */
export interface AccessClaims {
  readonly iss: string;
  readonly aud: string;
  /** The user. */
  readonly sub: string;
  /** The sign-in. */
  readonly sid: string;
  /** The user's token version when it was issued. */
  readonly ver: number;
  /** Seconds since 1970. */
  readonly iat: number;
  readonly exp: number;
}

export const ISSUER = 'waypost';
export const AUDIENCE = 'waypost-api';
/** The longest life that the settings allow; a token that claims more is none of ours. */
const MAX_LIFE_SECONDS = 3600;
/** Two machines of one installation may differ by this much. */
const CLOCK_SKEW_SECONDS = 5;

const isWhole = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const isTimely = (claims: Readonly<Record<string, unknown>>, now: number): boolean => {
  const { iat, exp, nbf } = claims;
  if (!isWhole(iat) || !isWhole(exp)) return false;
  if (nbf !== undefined && !(isWhole(nbf) && nbf <= now)) return false;
  return iat <= now + CLOCK_SKEW_SECONDS && exp > now && exp > iat && exp - iat <= MAX_LIFE_SECONDS;
};

/** The claims when every one of them is what we would have written ourselves, else null. `now` is in seconds. */
export const readClaims = (payload: unknown, now: number): AccessClaims | null => {
  if (payload === null || typeof payload !== 'object' || Array.isArray(payload)) return null;
  const claims = payload as Readonly<Record<string, unknown>>;
  const { iss, aud, sub, sid, ver } = claims;
  if (iss !== ISSUER || aud !== AUDIENCE || !isText(sub) || !isText(sid) || !isWhole(ver)) return null;
  if (!isTimely(claims, now)) return null;
  return { iss, aud, sub, sid, ver, iat: claims['iat'] as number, exp: claims['exp'] as number };
};
