import { Body, Controller, Get, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { parsePhoneNumber } from '../../../kernel/phone-number.js';
import { hashBody, parseIdempotencyKey } from '../../../platform/http/idempotency/idempotency-key.js';
import { CurrentPrincipal, type Principal, RequirePermissions } from '../../access/index.js';
import { DEFAULT_SESSION_ID } from '../../sessions/index.js';
import { MessageLog } from '../message-log.js';
import { MessageSending } from '../message-sending.js';
import type { MessageFilters } from '../message.repository.js';
import { Outbox } from '../outbox.js';
import { ListMessagesQuery, MessageParams } from './list-messages.request.js';
import { AcceptedMessageResponse, MessageDetailResponse, MessagePageResponse } from './message.response.js';
import { SendMessageQuery, SendMessageRequest } from './send-message.request.js';

const SEND_ROUTE = 'POST /v1/messages';

const toFilters = (query: ListMessagesQuery): MessageFilters => {
  const { sessionId, direction, status, type, from, to, since, until } = query;
  // Stored numbers are E.164: the ways of writing one must all find it.
  const sender = from === undefined ? null : parsePhoneNumber(from);
  const recipient = to === undefined ? null : parsePhoneNumber(to);
  return {
    ...(sessionId !== undefined && { sessionId }),
    ...(direction !== undefined && { direction }),
    ...(status !== undefined && { status }),
    ...(type !== undefined && { type }),
    ...(sender !== null && { from: sender }),
    ...(recipient !== null && { to: recipient }),
    ...(since !== undefined && { since: new Date(since) }),
    ...(until !== undefined && { until: new Date(until) }),
  };
};

/** Sends messages and reads what became of them. */
@ApiTags('messages')
@Controller('v1/messages')
export class MessagesController {
  constructor(
    private readonly outbox: Outbox,
    private readonly sending: MessageSending,
    private readonly log: MessageLog,
  ) {}

  /**
   * Accepts a message. 202 means that it is on disk; what became of it is told by events and by its timeline. With
   * `?wait=sent` the answer is 200 when it has been sent, or 202 after 30 s.
   */
  @Post()
  @RequirePermissions('messages:send')
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'Makes a repeat of this request harmless; 72 h.',
  })
  async sendMessage(
    @Body() body: SendMessageRequest,
    @Query() { wait }: SendMessageQuery,
    @Headers('idempotency-key') header: string | undefined,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AcceptedMessageResponse> {
    const { sessionId = DEFAULT_SESSION_ID, to, text, onUncertain = 'hold' } = body;
    const command = { sessionId, to, text, onUncertain };
    const key = parseIdempotencyKey(header);
    const once = key === null ? null : { route: SEND_ROUTE, key, bodyHash: hashBody(command) };
    const accepted = await this.outbox.accept(command, principal, once);
    if (accepted.isReplay) void reply.header('idempotency-replayed', 'true');
    const status = wait === 'sent' ? (await this.sending.settled(accepted, principal)).status : 'QUEUED';
    void reply.status(wait === 'sent' && status !== 'QUEUED' && status !== 'SENDING' ? 200 : 202);
    return AcceptedMessageResponse.from(accepted, status);
  }

  /** The message log, newest first. */
  @Get()
  @RequirePermissions('messages:read')
  async listMessages(
    @Query() query: ListMessagesQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<MessagePageResponse> {
    const { limit, cursor } = query;
    return MessagePageResponse.from(await this.log.list(principal, toFilters(query), { limit, cursor }));
  }

  /** One message with its whole life. */
  @Get(':id')
  @RequirePermissions('messages:read')
  async getMessage(
    @Param() { id }: MessageParams,
    @CurrentPrincipal() principal: Principal,
  ): Promise<MessageDetailResponse> {
    const message = await this.log.get(principal, id);
    return MessageDetailResponse.fromDetail(message, await this.log.timeline(message));
  }
}
