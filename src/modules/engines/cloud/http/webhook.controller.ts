import { Controller, Get, Header, Headers, HttpCode, Param, Post, Query, RawBody } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { RawBodyUpTo } from '../../../../platform/http/body-limit.js';
import { NotCounted } from '../../../../platform/http/throttle/counted-as.js';
import { Public } from '../../../access/index.js';
import { CloudHandshake, type Handshake } from '../cloud-handshake.js';
import { CloudIntake } from '../cloud-intake.js';
import { WebhookHandshakeQuery, WebhookParams } from './webhook.request.js';

/** "Webhooks, overview": payloads may have up to 3 MB. */
const MAX_BYTES = 3 * 1024 * 1024;
const SIGNATURE = 'x-hub-signature-256';
const PLAIN = 'text/plain; charset=utf-8';
const NOTHING = Buffer.alloc(0);

const toHandshake = (query: WebhookHandshakeQuery): Handshake => ({
  mode: query['hub.mode'],
  verifyToken: query['hub.verify_token'],
  challenge: query['hub.challenge'],
});

type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Where Meta tells what happens to the numbers: one address for all of them, or one for each session. */
@ApiTags('webhook')
@Controller('webhook')
@Public()
@NotCounted()
export class WebhookController {
  constructor(
    private readonly handshake: CloudHandshake,
    private readonly intake: CloudIntake,
  ) {}

  /** Meta asks whether this address is ours; the challenge comes back when it knows a verify token of ours. */
  @Get()
  @Header('content-type', PLAIN)
  verifyWebhook(@Query() query: WebhookHandshakeQuery): Promise<string> {
    return this.handshake.answer(toHandshake(query), null);
  }

  /** The same for the number of one session. */
  @Get(':sessionId')
  @Header('content-type', PLAIN)
  verifySessionWebhook(@Param() { sessionId }: WebhookParams, @Query() query: WebhookHandshakeQuery): Promise<string> {
    return this.handshake.answer(toHandshake(query), sessionId);
  }

  /** Meta tells something. 200 once it is stored; whatever is in it, it is never Meta's mistake. */
  @Post()
  @HttpCode(200)
  @RawBodyUpTo(MAX_BYTES)
  async takeWebhook(@RawBody() bytes: Buffer | undefined, @Headers() headers: RequestHeaders): Promise<void> {
    await this.intake.take(bytes ?? NOTHING, headers[SIGNATURE], null);
  }

  /** The same for the number of one session. */
  @Post(':sessionId')
  @HttpCode(200)
  @RawBodyUpTo(MAX_BYTES)
  async takeSessionWebhook(
    @Param() { sessionId }: WebhookParams,
    @RawBody() bytes: Buffer | undefined,
    @Headers() headers: RequestHeaders,
  ): Promise<void> {
    await this.intake.take(bytes ?? NOTHING, headers[SIGNATURE], sessionId);
  }
}
