import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { Public } from '../../access/index.js';
import { SetupService } from '../setup.service.js';
import { SignInThrottle } from '../sign-in-throttle.js';
import { AuthCookies } from './auth-cookies.js';
import { SetUpRequest } from './setup.request.js';
import { SignedInResponse } from './signed-in.response.js';

@ApiTags('setup')
@Controller('setup')
export class SetupController {
  constructor(
    private readonly setup: SetupService,
    private readonly throttle: SignInThrottle,
    private readonly cookies: AuthCookies,
  ) {}

  /** Makes the first administrator with the token of the one-time setup link, and signs them in. */
  @Public()
  @Post()
  async setUp(
    @Body() { token = '', email, password, name = 'Administrator' }: SetUpRequest,
    @Req() { ip, headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedInResponse> {
    const admission = await this.throttle.admitGuess(ip);
    if (admission.refusal) {
      void reply.headers(admission.headers);
      throw admission.refusal;
    }
    const userAgent = headers['user-agent'];
    const signedIn = await this.setup.setUp({ token, email, password, name, ip, userAgent });
    await admission.forgive();
    this.cookies.put(reply, signedIn);
    return SignedInResponse.from(signedIn);
  }
}
