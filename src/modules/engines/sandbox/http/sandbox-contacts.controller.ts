import { randomBytes } from 'node:crypto';

import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentPrincipal, type Principal, RequirePermissions } from '../../../access/index.js';
import { SandboxControl } from '../sandbox-control.js';
import {
  CallRequest,
  EditRequest,
  GroupRequest,
  ReactionRequest,
  ReceiveRequest,
  RevokeRequest,
} from './sandbox-contacts.requests.js';
import { SandboxSessionParams } from './sandbox.requests.js';
import { ReceivedResponse, SandboxGroupResponse } from './sandbox.response.js';
import { toWritten } from './written-message.js';

const newCallId = (): string => `call_${randomBytes(8).toString('hex')}`;

/** Does to a sandbox session what its contacts would. */
@ApiTags('sandbox')
@Controller({ path: 'v1/sandbox/:sessionId' })
@RequirePermissions('sandbox:control')
export class SandboxContactsController {
  constructor(private readonly control: SandboxControl) {}

  /** A contact writes to the linked number; while the session is away the pretend phone keeps it. */
  @Post('receive')
  @HttpCode(201)
  async receiveMessage(
    @Param() { sessionId }: SandboxSessionParams,
    @Body() body: ReceiveRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ReceivedResponse> {
    const { count = 1 } = body;
    return ReceivedResponse.from(await this.control.receive(sessionId, principal, { written: toWritten(body), count }));
  }

  /** A contact edits what it has written. */
  @Post('edit')
  @HttpCode(204)
  async editReceivedMessage(
    @Param() { sessionId }: SandboxSessionParams,
    @Body() { providerMessageId, text }: EditRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    await this.control.change(sessionId, principal, { kind: 'edited', providerMessageId, text, at: new Date() });
  }

  /** A contact deletes for everyone what it has written. */
  @Post('revoke')
  @HttpCode(204)
  async revokeReceivedMessage(
    @Param() { sessionId }: SandboxSessionParams,
    @Body() { providerMessageId }: RevokeRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    await this.control.change(sessionId, principal, { kind: 'revoked', providerMessageId, at: new Date() });
  }

  /** A contact reacts to a message, of ours or of its own. */
  @Post('reaction')
  @HttpCode(204)
  async receiveReaction(
    @Param() { sessionId }: SandboxSessionParams,
    @Body() { providerMessageId, from, emoji }: ReactionRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    const reaction = { kind: 'reacted', providerMessageId, from, emoji, at: new Date() } as const;
    await this.control.change(sessionId, principal, reaction);
  }

  /** A contact calls the linked number. */
  @Post('call')
  @HttpCode(204)
  async receiveCall(
    @Param() { sessionId }: SandboxSessionParams,
    @Body() { from, id: callId = newCallId(), isVideo = false, isGroup = false }: CallRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    const call = { kind: 'called', callId, from, isVideo, isGroup, at: new Date() } as const;
    await this.control.change(sessionId, principal, call);
  }

  /** Somebody makes a group with the linked number; it is there until the session is closed. */
  @Post('groups')
  @HttpCode(201)
  async addSandboxGroup(
    @Param() { sessionId }: SandboxSessionParams,
    @Body() { name, participants, isAnnouncement = false }: GroupRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<SandboxGroupResponse> {
    const wish = { name, participants, isAnnouncement };
    return SandboxGroupResponse.from(await this.control.addGroup(sessionId, principal, wish));
  }
}
