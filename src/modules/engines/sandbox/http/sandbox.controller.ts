import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentPrincipal, type Principal, RequirePermissions } from '../../../access/index.js';
import { withoutAbsent } from '../../../../kernel/without-absent.js';
import type { InboundChange } from '../../engine.port.js';
import type { WrittenMessage } from '../sandbox-inbox.js';
import { SandboxControl } from '../sandbox-control.js';
import {
  AckRequest,
  BehaviourRequest,
  ChangeRequest,
  DisconnectRequest,
  OutboxQuery,
  PairRequest,
  ReceiveRequest,
  SandboxSessionParams,
  ScanRequest,
} from './sandbox.requests.js';
import { ActionsResponse, LinkedResponse, OutboxResponse, ReceivedResponse } from './sandbox.response.js';

const toWritten = (body: ReceiveRequest): WrittenMessage => {
  const { from, type, text, media, content, group, replyTo, id } = body;
  const file = media && { mimeType: media.mimeType, fileName: media.fileName ?? null, data: media.data };
  return {
    ...{ from, type: type ?? 'text', text: text ?? null },
    ...withoutAbsent({ media: file, content, group, replyTo, id }),
  };
};

const NOBODY = 'unknown';

const toChange = ({ kind, providerMessageId, from = NOBODY, text = '' }: ChangeRequest): InboundChange => {
  const at = new Date();
  if (kind === 'called') return { kind, callId: providerMessageId, from, isVideo: false, isGroup: false, at };
  if (kind === 'reacted') return { kind, providerMessageId, from, emoji: text, at };
  return kind === 'edited' ? { kind, providerMessageId, text, at } : { kind, providerMessageId, at };
};

/** Steers a sandbox session as a phone and a contact would. */
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

  /** A contact writes to the linked number. */
  @Post('receive')
  @HttpCode(201)
  async receiveMessage(
    @Param() { sessionId }: SandboxSessionParams,
    @Body() body: ReceiveRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ReceivedResponse> {
    return ReceivedResponse.from(await this.control.receive(sessionId, principal, toWritten(body)));
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

  /** A contact edits, deletes or reacts to a message, or calls. */
  @Post('change')
  @HttpCode(204)
  async changeSandboxMessage(
    @Param() { sessionId }: SandboxSessionParams,
    @Body() body: ChangeRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    await this.control.change(sessionId, principal, toChange(body));
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
