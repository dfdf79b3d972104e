import { Body, Controller, Get, HttpCode, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';

import { withoutAbsent } from '../../../kernel/without-absent.js';
import { BodyLimit } from '../../../platform/http/body-limit.js';
import { CurrentPrincipal, type Principal, RequirePermissions } from '../../access/index.js';
import { DEFAULT_SESSION_ID } from '../../sessions/index.js';
import { BatchControl } from '../batch-control.js';
import { BatchResults } from '../batch-results.js';
import { Batches } from '../batches.js';
import { AcceptedBatchResponse, BatchDetailResponse, BatchPageResponse, BatchResponse } from './batch.response.js';
import { BatchParams, ListBatchesQuery, SendBulkRequest } from './batches.request.js';
import { BulkContext } from './bulk-context.js';

const CSV = 'text/csv; charset=utf-8';
/** Ten thousand recipients with some variables each. */
const BULK_BYTES = 8_388_608;

/** Sends to many at once, and follows what becomes of it. */
@ApiTags('batches')
@Controller('v1')
export class BatchesController {
  constructor(
    private readonly batches: Batches,
    private readonly control: BatchControl,
    private readonly results: BatchResults,
  ) {}

  /**
   * Accepts a message for each of up to 10,000 recipients. 202 means that the batch is on disk, whole. A recipient who
   * cannot be reached or wants no messages stops nobody else.
   */
  @Post('messages/bulk')
  @BodyLimit(BULK_BYTES)
  @RequirePermissions('messages:send')
  @HttpCode(202)
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'Makes a repeat of this request harmless; 72 h.',
  })
  async sendBulk(
    @Body() body: SendBulkRequest,
    @BulkContext() { principal, once, reply }: BulkContext,
  ): Promise<AcceptedBatchResponse> {
    const { sessionId = DEFAULT_SESSION_ID, onUncertain = 'hold', recipients } = body;
    const { text, template, scheduledAt, expiresAt, priority } = body;
    const command = {
      ...{ sessionId, onUncertain, recipients },
      ...withoutAbsent({ text, template, scheduledAt, expiresAt, priority }),
    };
    const accepted = await this.batches.send(command, principal, once);
    if (accepted.isReplay) void reply.header('idempotency-replayed', 'true');
    return AcceptedBatchResponse.from(accepted);
  }

  /** The batches, newest first. */
  @Get('batches')
  @RequirePermissions('messages:read')
  async listBatches(
    @Query() { sessionId, limit, cursor }: ListBatchesQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<BatchPageResponse> {
    const filters = withoutAbsent({ sessionId });
    return BatchPageResponse.from(await this.batches.list(principal, filters, { limit, cursor }));
  }

  /** How far it is. */
  @Get('batches/:id')
  @RequirePermissions('messages:read')
  async getBatch(@Param() { id }: BatchParams, @CurrentPrincipal() principal: Principal): Promise<BatchDetailResponse> {
    return BatchDetailResponse.fromProgress(await this.batches.progress(principal, id));
  }

  /** What became of every recipient, as one file; cells that a spreadsheet would compute begin with an apostrophe. */
  @Get('batches/:id/result.csv')
  @RequirePermissions('messages:read')
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  async getBatchResult(
    @Param() { id }: BatchParams,
    @CurrentPrincipal() principal: Principal,
  ): Promise<StreamableFile> {
    const file = await this.results.open(principal, id);
    return new StreamableFile(file, { type: CSV, disposition: `attachment; filename="${id}.csv"` });
  }

  /** From here on nothing of it begins to leave, until it is resumed. */
  @Post('batches/:id/pause')
  @RequirePermissions('messages:send')
  @HttpCode(200)
  async pauseBatch(@Param() { id }: BatchParams, @CurrentPrincipal() principal: Principal): Promise<BatchResponse> {
    return BatchResponse.from(await this.control.pause(id, principal));
  }

  /** Lets a paused batch go on. */
  @Post('batches/:id/resume')
  @RequirePermissions('messages:send')
  @HttpCode(200)
  async resumeBatch(@Param() { id }: BatchParams, @CurrentPrincipal() principal: Principal): Promise<BatchResponse> {
    return BatchResponse.from(await this.control.resume(id, principal));
  }

  /** What waits is CANCELLED; what has left or is under way stays what it is. */
  @Post('batches/:id/cancel')
  @RequirePermissions('messages:send')
  @HttpCode(200)
  async cancelBatch(@Param() { id }: BatchParams, @CurrentPrincipal() principal: Principal): Promise<BatchResponse> {
    return BatchResponse.from(await this.control.cancel(id, principal));
  }
}
