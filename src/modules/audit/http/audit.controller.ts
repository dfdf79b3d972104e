import { Readable } from 'node:stream';

import { Controller, Get, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { RequirePermissions } from '../../access/index.js';
import { AuditReader } from '../audit-reader.js';
import { AuditVerifier } from '../audit-verifier.js';
import type { AuditEntry } from '../domain/audit-entry.js';
import { AuditEntryResponse, AuditPageResponse } from './audit-entry.response.js';
import { ListAuditRequest } from './list-audit.request.js';
import { VerificationResponse } from './verification.response.js';

const NDJSON = 'application/x-ndjson';

async function* toLines(batches: AsyncIterable<readonly AuditEntry[]>): AsyncGenerator<string> {
  for await (const batch of batches) {
    yield batch.map((entry) => `${JSON.stringify(AuditEntryResponse.from(entry))}\n`).join('');
  }
}

@ApiTags('audit')
@Controller('v1/audit')
export class AuditController {
  constructor(
    private readonly reader: AuditReader,
    private readonly verifier: AuditVerifier,
  ) {}

  /** Who did what, newest first. */
  @Get()
  @RequirePermissions('audit:read')
  async list(@Query() { limit, cursor, ...filters }: ListAuditRequest): Promise<AuditPageResponse> {
    return AuditPageResponse.from(await this.reader.list({ filters, limit, cursor }));
  }

  /** Recomputes the chain and names the first entry that does not fit. */
  @Get('verify')
  @RequirePermissions('audit:read')
  async verify(): Promise<VerificationResponse> {
    return VerificationResponse.from(await this.verifier.verify());
  }

  /** The whole trail, oldest first, one entry a line; `Waypost-Audit-Head` is the hash of the last one. */
  @Get('export')
  @RequirePermissions('audit:read')
  @ApiProduces(NDJSON)
  @ApiOkResponse({ schema: { type: 'string' } })
  async export(@Res({ passthrough: true }) reply: FastifyReply): Promise<StreamableFile> {
    const { head, batches } = await this.reader.export();
    void reply.header('waypost-audit-head', head.hash).header('waypost-audit-entries', String(head.seq));
    return new StreamableFile(Readable.from(toLines(batches), { highWaterMark: 1 }), {
      type: NDJSON,
      disposition: 'attachment; filename="waypost-audit.ndjson"',
    });
  }
}
