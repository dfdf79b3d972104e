import { createHash } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';

import { IdentityConfig } from '../../config/config.slices.js';
import { TooManyRequestsError } from '../../platform/http/http.errors.js';
import { clientNetwork } from '../../platform/http/throttle/client-network.js';
import { rateLimitHeaders, strictest, type Verdict } from '../../platform/http/throttle/rate-limit.js';
import { type Limiter, RateLimiters } from '../../platform/http/throttle/rate-limiters.js';
import { DeviceCookies } from './device-cookies.js';

const WINDOW_SECONDS = 900;

/** Where a try comes from. */
export interface Attempt {
  readonly email: string;
  readonly ip: string;
  readonly deviceCookie: string | undefined;
}

/** A try that was counted. */
export interface Admission {
  readonly headers: Readonly<Record<string, string>>;
  /** Set when the try must not go on. */
  readonly refusal: TooManyRequestsError | undefined;
  /** Only failures count: called when the password was right. */
  readonly forgive: () => Promise<void>;
}

const TOO_MANY = 'Too many wrong tries. Wait, then try again.';

/** Counts wrong passwords per account and per network, and those of a known device apart from both. */
@Injectable()
export class SignInThrottle {
  private readonly perAccount: Limiter;
  private readonly perNetwork: Limiter;
  private readonly perDevice: Limiter;
  private readonly guesses: Limiter;

  constructor(
    limiters: RateLimiters,
    private readonly devices: DeviceCookies,
    @Inject(IdentityConfig) { loginAttemptsPerAccount, loginAttemptsPerNetwork }: IdentityConfig,
  ) {
    const limiter = (name: string, quota: number): Limiter =>
      limiters.limiter({ name, quota, windowSeconds: WINDOW_SECONDS });
    this.perAccount = limiter('login-account', loginAttemptsPerAccount);
    this.perNetwork = limiter('login-network', loginAttemptsPerNetwork);
    this.perDevice = limiter('login-device', loginAttemptsPerAccount);
    this.guesses = limiter('token-guesses', loginAttemptsPerNetwork);
  }

  async admit({ email, ip, deviceCookie }: Attempt): Promise<Admission> {
    const device = this.devices.read(deviceCookie, email);
    if (device !== null) return this.count([[this.perDevice, device]]);
    // The address is hashed, so that no personal data stands in the keys of Redis.
    const account = createHash('sha256').update(email).digest('base64url');
    return this.count([
      [this.perNetwork, clientNetwork(ip)],
      [this.perAccount, account],
    ]);
  }

  /** For the question "what is your current password?" to somebody who is signed in. */
  admitUser(userId: string): Promise<Admission> {
    return this.count([[this.perAccount, userId]]);
  }

  /** For whoever comes with a setup or refresh token. */
  admitGuess(ip: string): Promise<Admission> {
    return this.count([[this.guesses, clientNetwork(ip)]]);
  }

  private async count(
    buckets: readonly [readonly [Limiter, string], ...(readonly [Limiter, string])[]],
  ): Promise<Admission> {
    const verdicts: Verdict[] = [];
    for (const [limiter, key] of buckets) {
      const verdict = await limiter.take(key);
      verdicts.push(verdict);
      // Who is refused here must not use up the count of an account.
      if (!verdict.isAllowed) break;
    }
    const worst = strictest(verdicts as [Verdict, ...Verdict[]]);
    return {
      headers: rateLimitHeaders(verdicts),
      refusal: worst.isAllowed
        ? undefined
        : new TooManyRequestsError(TOO_MANY, { retryAfterSeconds: worst.resetSeconds }),
      forgive: async () => {
        await Promise.all(buckets.map(([limiter, key]) => limiter.giveBack(key)));
      },
    };
  }
}
