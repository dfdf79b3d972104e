import { Inject, Injectable } from '@nestjs/common';
import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { HttpConfig } from '../../../config/config.slices.js';
import { DeviceCookies } from '../device-cookies.js';
import { CrossSiteRequestError } from '../identity.errors.js';
import type { SignedIn } from '../sign-ins.js';

const DEVICE_SECONDS = 180 * 86_400;

/** The cookies of browsers: the refresh token, which no script can read, and the mark of a known device. */
@Injectable()
export class AuthCookies {
  private readonly refreshName: string;
  private readonly deviceName: string;
  private readonly options: CookieSerializeOptions;
  private readonly ownOrigin: string | undefined;

  constructor(
    @Inject(HttpConfig) { publicUrl }: HttpConfig,
    private readonly devices: DeviceCookies,
  ) {
    const secure = publicUrl?.startsWith('https:') ?? false;
    // `__Host-`: no other host of the same domain can set it, and no plain connection carries it.
    const prefix = secure ? '__Host-' : '';
    this.refreshName = `${prefix}waypost-refresh`;
    this.deviceName = `${prefix}waypost-device`;
    this.options = { path: '/', httpOnly: true, sameSite: 'strict', secure };
    this.ownOrigin = publicUrl === undefined ? undefined : new URL(publicUrl).origin;
  }

  put(reply: FastifyReply, { refreshToken, refreshExpiresAt, user }: SignedIn): void {
    void reply
      .setCookie(this.refreshName, refreshToken, { ...this.options, expires: refreshExpiresAt })
      .setCookie(this.deviceName, this.devices.issue(user.email), { ...this.options, maxAge: DEVICE_SECONDS });
  }

  /** The mark of the device stays: it signs nobody in. */
  clear(reply: FastifyReply): void {
    void reply.clearCookie(this.refreshName, this.options);
  }

  deviceOf({ cookies }: FastifyRequest): string | undefined {
    return cookies[this.deviceName];
  }

  /** The refresh token of a browser, provided that a page of this server sends it. */
  refreshTokenOf(request: FastifyRequest): string | undefined {
    const token = request.cookies[this.refreshName];
    if (token !== undefined && !this.isOwnPage(request)) throw new CrossSiteRequestError();
    return token;
  }

  /** Browsers name the page in `Origin`; programs do not, and nobody can make them send somebody else's cookie. */
  private isOwnPage({ headers, host, protocol }: FastifyRequest): boolean {
    const site = headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
    return headers.origin === undefined || headers.origin === (this.ownOrigin ?? `${protocol}://${host}`);
  }
}
