import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiHeader, ApiOkResponse, ApiTags } from '@nestjs/swagger';

import { withoutAbsent } from '../../../kernel/without-absent.js';
import { CountedAsSend } from '../../../platform/http/throttle/counted-as.js';
import { tellLimits } from '../../../platform/http/throttle/rate-limit.js';
import { CurrentPrincipal, type Principal, RequirePermissions } from '../../access/index.js';
import { DEFAULT_SESSION_ID } from '../../sessions/index.js';
import type { MessageStatus } from '../domain/message-status.js';
import { type GivenContent, MessageComposer } from '../message-composer.js';
import { MessageLog } from '../message-log.js';
import { MessageSending } from '../message-sending.js';
import { MessageSendFailedError } from '../message.errors.js';
import { Outbox } from '../outbox.js';
import { ListMessagesQuery, MessageParams, toFilters } from './list-messages.request.js';
import { AcceptedMessageResponse, MessageDetailResponse, MessagePageResponse } from './message.response.js';
import { NextPage } from './next-page.js';
import { SendContext } from './send-context.js';
import { SendMessageQuery, SendMessageRequest } from './send-message.request.js';

/** 202 says no more than that it was accepted: nobody knows of these that they have left. */
const NOT_YET_SENT: ReadonlySet<MessageStatus> = new Set(['SCHEDULED', 'QUEUED', 'SENDING', 'UNCERTAIN']);

const toGiven = (body: SendMessageRequest): GivenContent => {
  const { text, image, video, audio, voice, document, sticker, location, contacts, poll, reaction, template } = body;
  return withoutAbsent({
    ...{ text, image, video, audio, voice, document, sticker, location, contacts, poll, reaction, template },
  });
};

/** Sends messages and reads what became of them. */
@ApiTags('messages')
@Controller('v1/messages')
export class MessagesController {
  constructor(
    private readonly composer: MessageComposer,
    private readonly outbox: Outbox,
    private readonly sending: MessageSending,
    private readonly log: MessageLog,
  ) {}

  /**
   * Accepts a message. 202 means that it is on disk; what became of it is told by events and by its timeline. With
   * `?wait=sent` the answer is 200 when it has been sent, 422 when it never will be, and 202 after 30 s or when nobody
   * can know.
   */
  @Post()
  @CountedAsSend()
  @RequirePermissions('messages:send')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: AcceptedMessageResponse, description: 'It is on disk.' })
  @ApiOkResponse({ type: AcceptedMessageResponse, description: 'It was sent; only with `?wait=sent`.' })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'Makes a repeat of this request harmless; 72 h.',
  })
  async sendMessage(
    @Body() body: SendMessageRequest,
    @Query() { wait }: SendMessageQuery,
    @SendContext() { principal, once, reply }: SendContext,
  ): Promise<AcceptedMessageResponse> {
    const { sessionId = DEFAULT_SESSION_ID, to, onUncertain = 'hold' } = body;
    const { replyTo, scheduledAt, expiresAt, priority, type, mentions, linkPreview } = body;
    const options = withoutAbsent({ type, mentions, linkPreview });
    const content = await this.composer.compose(toGiven(body), options, { principal, sessionId });
    const when = withoutAbsent({ replyTo, scheduledAt, expiresAt, priority });
    const accepted = await this.outbox.accept({ sessionId, to, content, onUncertain, ...when }, principal, once);
    if (accepted.isReplay) void reply.header('idempotency-replayed', 'true');
    tellLimits(reply, accepted.quotas);
    if (wait !== 'sent') return AcceptedMessageResponse.from(accepted, accepted.status);
    const { status, error } = await this.sending.settled(accepted, principal);
    if (status === 'FAILED') throw new MessageSendFailedError(accepted.id, error ?? { code: 'failed', detail: null });
    if (!NOT_YET_SENT.has(status)) void reply.status(200);
    return AcceptedMessageResponse.from(accepted, status);
  }

  /** The message log, newest first; the header `Link` leads to the next page. */
  @Get()
  @RequirePermissions('messages:read')
  async listMessages(
    @Query() query: ListMessagesQuery,
    @CurrentPrincipal() principal: Principal,
    @NextPage() nextPage: NextPage,
  ): Promise<MessagePageResponse> {
    const { limit, cursor } = query;
    const page = await this.log.list(principal, toFilters(query), { limit, cursor });
    nextPage.tell(page.nextCursor);
    return MessagePageResponse.from(page);
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
