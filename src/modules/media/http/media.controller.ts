import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

import { withoutAbsent } from '../../../kernel/without-absent.js';
import { CurrentPrincipal, type Principal, RequirePermissions } from '../../access/index.js';
import { MediaService } from '../media.service.js';
import { MediaUploads } from '../media-uploads.js';
import { attachment, AsAttachment } from './as-attachment.js';
import { CleanupMediaRequest, ListMediaQuery, MediaParams } from './media.request.js';
import { CleanupResponse, MediaPageResponse, MediaResponse } from './media.response.js';

/** Files for messages. */
@ApiTags('media')
@Controller('v1/media')
export class MediaController {
  constructor(
    private readonly media: MediaService,
    private readonly uploads: MediaUploads,
  ) {}

  /** Uploads one file, up to 64 MiB: field `file`, before it perhaps `sessionId`. */
  @Post()
  @RequirePermissions('media:manage')
  @HttpCode(201)
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['file'],
      properties: { sessionId: { type: 'string' }, file: { type: 'string', format: 'binary' } },
    },
  })
  async uploadMedia(@Req() request: FastifyRequest, @CurrentPrincipal() principal: Principal): Promise<MediaResponse> {
    return MediaResponse.from(await this.uploads.upload(request, principal));
  }

  /** What is known of the files, newest first. */
  @Get()
  @RequirePermissions('messages:read')
  async listMedia(
    @Query() { sessionId, limit, cursor }: ListMediaQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<MediaPageResponse> {
    return MediaPageResponse.from(await this.media.list(principal, withoutAbsent({ sessionId }), { limit, cursor }));
  }

  /** The bytes, always as an attachment. */
  @Get(':id')
  @RequirePermissions('messages:read')
  @ApiProduces('application/octet-stream')
  @AsAttachment()
  async getMedia(@Param() { id }: MediaParams, @CurrentPrincipal() principal: Principal): Promise<StreamableFile> {
    const media = await this.media.get(id, principal);
    return attachment(await this.media.open(media), media);
  }

  /** What is known of one file. */
  @Get(':id/info')
  @RequirePermissions('messages:read')
  async getMediaInfo(@Param() { id }: MediaParams, @CurrentPrincipal() principal: Principal): Promise<MediaResponse> {
    return MediaResponse.from(await this.media.get(id, principal));
  }

  /** Removes a file; not one that a message which waits to be sent needs. */
  @Delete(':id')
  @RequirePermissions('media:manage')
  @HttpCode(204)
  async deleteMedia(@Param() { id }: MediaParams, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.uploads.remove(await this.media.get(id, principal));
  }

  /** Removes files whose time is over, as the daily clean-up does; tells only what would go unless `dryRun` is false. */
  @Post('cleanup')
  @RequirePermissions('settings:manage')
  @HttpCode(200)
  async cleanUpMedia(@Body() { dryRun = true }: CleanupMediaRequest): Promise<CleanupResponse> {
    return CleanupResponse.from(await this.uploads.cleanUp(dryRun), dryRun);
  }
}
