import { Body, Controller, Get, HttpCode, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';

import { CurrentPrincipal, type Principal, RequirePermissions } from '../../access/index.js';
import { MessageExport } from '../message-export.js';
import { MessageRemoval } from '../message-removal.js';
import { toFilters } from './list-messages.request.js';
import { CleanupMessagesRequest, ExportMessagesQuery } from './message-history.request.js';
import { MessageCleanupResponse } from './message-history.response.js';

const CSV = 'text/csv; charset=utf-8';

/** The log as a whole: as a file, and what of it is kept. */
@ApiTags('messages')
@Controller('v1/messages')
export class MessageHistoryController {
  constructor(
    private readonly messageExport: MessageExport,
    private readonly removal: MessageRemoval,
  ) {}

  /**
   * The log as CSV, newest first. A text that a spreadsheet would take for a formula has an apostrophe before it; taken
   * away, it is the text again.
   */
  @Get('export.csv')
  @RequirePermissions('messages:read')
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  async exportMessages(
    @Query() query: ExportMessagesQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<StreamableFile> {
    const file = await this.messageExport.open(principal, toFilters(query), { bom: query.bom === 'true' });
    return new StreamableFile(file, { type: CSV, disposition: 'attachment; filename="waypost-messages.csv"' });
  }

  /**
   * Removes messages that their sessions keep no longer, as the daily clean-up does; tells only how many would go unless
   * `dryRun` is false. What still waits to be sent is never removed.
   */
  @Post('cleanup')
  @RequirePermissions('settings:manage')
  @HttpCode(200)
  async cleanUpMessages(@Body() { dryRun = true }: CleanupMessagesRequest): Promise<MessageCleanupResponse> {
    return MessageCleanupResponse.from(await this.removal.cleanUp(dryRun), dryRun);
  }
}
