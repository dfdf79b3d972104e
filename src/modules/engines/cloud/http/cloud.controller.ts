import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentPrincipal, type Principal, RequirePermissions } from '../../../access/index.js';
import { CloudSetup } from '../cloud-setup.js';
import { CloudSessionParams, SetCloudCredentialsRequest } from './cloud.request.js';
import { CloudCredentialsResponse } from './cloud.response.js';

/** The number of a session at Meta. */
@ApiTags('sessions')
@Controller('v1/sessions/:id/cloud')
export class CloudController {
  constructor(private readonly setup: CloudSetup) {}

  /** Which number a session of the engine `cloud` has. */
  @Get()
  @RequirePermissions('sessions:read')
  async getCloudCredentials(
    @Param() { id }: CloudSessionParams,
    @CurrentPrincipal() principal: Principal,
  ): Promise<CloudCredentialsResponse> {
    return CloudCredentialsResponse.from(await this.setup.show(id, principal));
  }

  /** Gives the session its number; its webhooks are taken from now on, and it sends from the next opening on. */
  @Put()
  @RequirePermissions('sessions:manage')
  async setCloudCredentials(
    @Param() { id: sessionId }: CloudSessionParams,
    @Body() { phoneNumberId, accountId, accessToken, appSecret, verifyToken }: SetCloudCredentialsRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<CloudCredentialsResponse> {
    const number = { sessionId, phoneNumberId, accountId, accessToken, appSecret, verifyToken };
    return CloudCredentialsResponse.from(await this.setup.set(number, principal));
  }
}
