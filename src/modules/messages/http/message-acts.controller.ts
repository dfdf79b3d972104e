import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentPrincipal, type Principal, RequirePermissions } from '../../access/index.js';
import { MessageActs } from '../message-acts.js';
import { MessageControl } from '../message-control.js';
import { MessageParams } from './list-messages.request.js';
import { EditMessageRequest, ForwardMessageRequest } from './message-acts.request.js';
import { AcceptedMessageResponse, MessageResponse } from './message.response.js';
import { SendContext } from './send-context.js';

/** Acts on one message of the log. */
@ApiTags('messages')
@Controller('v1/messages/:id')
@RequirePermissions('messages:send')
export class MessageActsController {
  constructor(
    private readonly control: MessageControl,
    private readonly acts: MessageActs,
  ) {}

  /** Keeps a message that still waits from being sent. */
  @Post('cancel')
  @HttpCode(200)
  async cancelMessage(
    @Param() { id }: MessageParams,
    @CurrentPrincipal() principal: Principal,
  ): Promise<MessageResponse> {
    return MessageResponse.from(await this.control.cancel(id, principal));
  }

  /**
   * Tries once more what has failed or was cancelled, at its scheduled time when that is still to come. Of an UNCERTAIN
   * message nobody knows whether it has left: tried again it may arrive twice. What has expired is to be sent anew.
   */
  @Post('retry')
  @HttpCode(200)
  async retryMessage(
    @Param() { id }: MessageParams,
    @CurrentPrincipal() principal: Principal,
  ): Promise<MessageResponse> {
    return MessageResponse.from(await this.control.retry(id, principal));
  }

  /** Edits a text that was sent; the edit is a message of its own, with its own life. */
  @Post('edit')
  @HttpCode(202)
  async editMessage(
    @Param() { id }: MessageParams,
    @Body() { text }: EditMessageRequest,
    @SendContext() context: SendContext,
  ): Promise<AcceptedMessageResponse> {
    return this.answer(context, await this.acts.act(id, { type: 'edit', text }, context));
  }

  /** Deletes a message that was sent for everyone; a message of its own, with its own life. */
  @Post('revoke')
  @HttpCode(202)
  async revokeMessage(
    @Param() { id }: MessageParams,
    @SendContext() context: SendContext,
  ): Promise<AcceptedMessageResponse> {
    return this.answer(context, await this.acts.act(id, { type: 'revoke' }, context));
  }

  /** Forwards a message to somebody else, from the same session. */
  @Post('forward')
  @HttpCode(202)
  async forwardMessage(
    @Param() { id }: MessageParams,
    @Body() { to }: ForwardMessageRequest,
    @SendContext() context: SendContext,
  ): Promise<AcceptedMessageResponse> {
    return this.answer(context, await this.acts.act(id, { type: 'forward', to }, context));
  }

  private answer(
    { reply }: SendContext,
    accepted: Parameters<typeof AcceptedMessageResponse.from>[0],
  ): AcceptedMessageResponse {
    if (accepted.isReplay) void reply.header('idempotency-replayed', 'true');
    return AcceptedMessageResponse.from(accepted, accepted.status);
  }
}
