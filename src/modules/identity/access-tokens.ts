import { hash } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';

import { IdentityConfig } from '../../config/config.slices.js';
import { Clock } from '../../kernel/clock.js';
import { Secrets } from '../../platform/crypto/secrets.js';
import { type AccessClaims, AUDIENCE, ISSUER, readClaims } from './domain/access-claims.js';
import type { User } from './domain/user.js';

const ALGORITHM = 'HS256';
const MAX_REMEMBERED = 10_000;

export interface AccessToken {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** Issues access tokens and reads them back: one algorithm, one header, nothing in a token chooses how it is checked. */
@Injectable()
export class AccessTokens {
  private readonly jwt: JwtService;
  private readonly lifeSeconds: number;
  /** The first part of every token of ours; a `kid`, `jku` or `jwk` makes another one. */
  private readonly header: string;
  /** Claims by the hash of their token: a token is checked once, not with every request. */
  private readonly remembered = new Map<string, AccessClaims>();

  constructor(
    secrets: Secrets,
    @Inject(IdentityConfig) config: IdentityConfig,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    this.lifeSeconds = config.accessTokenTtlSeconds;
    this.jwt = new JwtService({
      secret: secrets.jwtSecret,
      signOptions: { algorithm: ALGORITHM, issuer: ISSUER, audience: AUDIENCE },
      verifyOptions: {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        ignoreExpiration: true,
        ignoreNotBefore: true,
      },
    });
    this.header = this.jwt.sign({}).split('.', 1)[0] ?? '';
  }

  issue({ id, tokenVersion }: Pick<User, 'id' | 'tokenVersion'>, loginSessionId: string): AccessToken {
    const iat = this.nowSeconds();
    const claims = { sub: id, sid: loginSessionId, ver: tokenVersion, iat, exp: iat + this.lifeSeconds };
    return { accessToken: this.jwt.sign(claims), expiresIn: this.lifeSeconds };
  }

  /** Null for whatever is not a token of ours that is good at this moment. */
  read(token: string): AccessClaims | null {
    if (!token.startsWith(`${this.header}.`)) return null;
    const mark = hash('sha256', token, 'base64');
    const known = this.remembered.get(mark);
    if (known) return known.exp > this.nowSeconds() ? known : null;
    const claims = this.verify(token);
    if (claims) this.remember(mark, claims);
    return claims;
  }

  private verify(token: string): AccessClaims | null {
    try {
      return readClaims(this.jwt.verify<object>(token), this.nowSeconds());
    } catch {
      return null;
    }
  }

  private remember(mark: string, claims: AccessClaims): void {
    if (this.remembered.size >= MAX_REMEMBERED) {
      const [oldest] = this.remembered.keys();
      if (oldest !== undefined) this.remembered.delete(oldest);
    }
    this.remembered.set(mark, claims);
  }

  private nowSeconds(): number {
    return Math.floor(this.clock.now().getTime() / 1000);
  }
}
