import { Controller, Get, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

import {
  covers,
  CurrentPrincipal,
  Identification,
  type Permission,
  type Principal,
  RequirePermissions,
} from '../../access/index.js';
import { EventStreams } from '../event-streams.js';
import { EventsQuery } from './events.request.js';

const REQUIRED = ['sessions:read', 'messages:read'] as const satisfies readonly Permission[];
const EVENT_STREAM = 'text/event-stream; charset=utf-8';

@ApiTags('events')
@Controller('v1/events')
export class EventsController {
  constructor(
    private readonly streams: EventStreams,
    private readonly identification: Identification,
  ) {}

  /**
   * Server-sent events: what happens to the sessions that you see, in the order of the journal. With `Last-Event-ID` it
   * begins behind that event, so that a client that comes back misses nothing; without it, now. A line of its own every
   * fifteen seconds shows that the connection is alive.
   */
  @Get()
  @RequirePermissions(...REQUIRED)
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string' } })
  async streamEvents(
    @Query() { types, sessionId, lastEventId }: EventsQuery,
    @CurrentPrincipal() principal: Principal,
    @Req() request: FastifyRequest,
  ): Promise<StreamableFile> {
    const { 'last-event-id': header } = request.headers;
    const last = typeof header === 'string' ? header : (lastEventId ?? null);
    const wish = { names: types ?? null, sessionId: sessionId ?? null, lastEventId: last };
    const { body } = await this.streams.open(principal, wish, async () => {
      const now = await this.identification.identify(request);
      return now !== null && covers(now.permissions, REQUIRED) ? now : null;
    });
    return new StreamableFile(body, { type: EVENT_STREAM });
  }
}
