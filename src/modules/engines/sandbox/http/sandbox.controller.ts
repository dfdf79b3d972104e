import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentPrincipal, type Principal, RequirePermissions } from '../../../access/index.js';
import { SandboxControl } from '../sandbox-control.js';
import {
  AckRequest,
  BehaviourRequest,
  DisconnectRequest,
  OutboxQuery,
  PairRequest,
  SandboxSessionParams,
  ScanRequest,
} from './sandbox.requests.js';
import { ActionsResponse, LinkedResponse, OutboxResponse } from './sandbox.response.js';

/** Steers a sandbox session as its phone and its network would. */
@ApiTags('sandbox')
@Controller({ path: 'v1/sandbox/:sessionId' })
@RequirePermissions('sandbox:control')
export class SandboxController {
  constructor(private readonly control: SandboxControl) {}

  /** The pretend phone scans the QR code that is shown. */
  @Post('scan')
  @HttpCode(200)
  async scanQr(
    @Param() { sessionId }: SandboxSessionParams,
    @Body() { phone }: ScanRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<LinkedResponse> {
    return LinkedResponse.from(await this.control.scan(sessionId, principal, phone));
  }

  /** The owner types the pairing code into the pretend phone. */
  @Post('pair')
  @HttpCode(204)
  async pairSandbox(
    @Param() { sessionId }: SandboxSessionParams,
    @Body() { code }: PairRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    await this.control.pair(sessionId, principal, code);
  }

  /** A contact's phone acknowledges a message. */
  @Post('ack')
  @HttpCode(204)
  async acknowledgeMessage(
    @Param() { sessionId }: SandboxSessionParams,
    @Body() { messageId, status }: AckRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    await this.control.acknowledge(sessionId, principal, { messageId, status });
  }

  /** The connection breaks, or the phone removes this device. */
  @Post('disconnect')
  @HttpCode(204)
  async disconnectSandbox(
    @Param() { sessionId }: SandboxSessionParams,
    @Body() { reason }: DisconnectRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    await this.control.disconnect(sessionId, principal, reason);
  }

  /** Makes the pretend WhatsApp slow, failing or silent. */
  @Post('behaviour')
  @HttpCode(204)
  async changeBehaviour(
    @Param() { sessionId }: SandboxSessionParams,
    @Body() { sendDelayMs, failNext, dropNext, automaticAcks }: BehaviourRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    await this.control.behave(sessionId, principal, {
      ...(sendDelayMs !== undefined && { sendDelayMs }),
      ...(failNext !== undefined && { failNext }),
      ...(dropNext !== undefined && { dropNext }),
      ...(automaticAcks !== undefined && { automaticAcks }),
    });
  }

  /** What was done that leaves no message: read, composing, recording, paused; newest first. */
  @Get('actions')
  listSandboxActions(
    @Param() { sessionId }: SandboxSessionParams,
    @CurrentPrincipal() principal: Principal,
  ): ActionsResponse {
    return ActionsResponse.from(this.control.actions(sessionId, principal));
  }

  /** What has reached the pretend WhatsApp, newest first. */
  @Get('outbox')
  async listOutbox(
    @Param() { sessionId }: SandboxSessionParams,
    @Query() { limit }: OutboxQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<OutboxResponse> {
    return OutboxResponse.from(await this.control.outbox(sessionId, principal, limit));
  }
}
