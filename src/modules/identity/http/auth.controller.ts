import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { Authenticated, CurrentPrincipal, type Principal, Public } from '../../access/index.js';
import { LoginService } from '../login.service.js';
import { SignInCloser } from '../sign-in-closer.js';
import { SignInRefresher } from '../sign-in-refresher.js';
import { type Admission, SignInThrottle } from '../sign-in-throttle.js';
import { UserReader } from '../user-reader.js';
import { AuthCookies } from './auth-cookies.js';
import { ChangePasswordRequest, LoginRequest, RefreshRequest } from './auth.request.js';
import { SignedInResponse } from './signed-in.response.js';
import { MeResponse } from './user.response.js';

const enforce = ({ headers, refusal }: Admission, reply: FastifyReply): void => {
  void reply.headers(headers);
  if (refusal) throw refusal;
};

@ApiTags('auth')
@Controller('v1/auth')
export class AuthController {
  constructor(
    private readonly logins: LoginService,
    private readonly refresher: SignInRefresher,
    private readonly closer: SignInCloser,
    private readonly users: UserReader,
    private readonly throttle: SignInThrottle,
    private readonly cookies: AuthCookies,
  ) {}

  /** Signs in with address and password. */
  @Public()
  @Post('login')
  @HttpCode(200)
  async logIn(
    @Body() { email, password }: LoginRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedInResponse> {
    const { ip, headers } = request;
    const admission = await this.throttle.admit({ email, ip, deviceCookie: this.cookies.deviceOf(request) });
    enforce(admission, reply);
    const signedIn = await this.logins.login({ email, password, ip, userAgent: headers['user-agent'] });
    await admission.forgive();
    this.cookies.put(reply, signedIn);
    return SignedInResponse.from(signedIn);
  }

  /** Exchanges a refresh token, from the body or from the cookie, for the next one. Each is good for one use. */
  @Public()
  @Post('refresh')
  @HttpCode(200)
  async refreshTokens(
    @Body() { refreshToken }: RefreshRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedInResponse> {
    const token = refreshToken ?? this.cookies.refreshTokenOf(request) ?? '';
    const signedIn = await this.refresher.refresh(token, request.ip);
    this.cookies.put(reply, signedIn);
    return SignedInResponse.from(signedIn);
  }

  /** Ends this sign-in: its access and refresh tokens are dead. */
  @Authenticated()
  @Post('logout')
  @HttpCode(204)
  async logOut(
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.closer.logout(principal);
    this.cookies.clear(reply);
  }

  /** Ends every sign-in of this person. */
  @Authenticated()
  @Post('logout-everywhere')
  @HttpCode(204)
  async logOutEverywhere(
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.closer.logoutEverywhere(principal);
    this.cookies.clear(reply);
  }

  /** Who is signed in, and what they may do. */
  @Authenticated()
  @Get('me')
  async getMe(@CurrentPrincipal() principal: Principal): Promise<MeResponse> {
    return MeResponse.fromUser(await this.users.get(principal.id), principal);
  }

  /** Changes the own password. Every other sign-in ends; the answer is a new one. */
  @Authenticated()
  @Post('password')
  @HttpCode(200)
  async changePassword(
    @Body() { currentPassword, newPassword }: ChangePasswordRequest,
    @CurrentPrincipal() principal: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedInResponse> {
    const admission = await this.throttle.admitUser(principal.id);
    enforce(admission, reply);
    const userAgent = request.headers['user-agent'];
    const signedIn = await this.closer.changePassword(principal, { currentPassword, newPassword, userAgent });
    await admission.forgive();
    this.cookies.put(reply, signedIn);
    return SignedInResponse.from(signedIn);
  }
}
