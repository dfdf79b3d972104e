import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { Authenticated } from '../../access/index.js';

const DOCUMENT = join(fileURLToPath(new URL('.', import.meta.url)), '../../../../docs/openapi.json');

@ApiTags('api-reference')
@Controller()
export class ApiReferenceController {
  /** The OpenAPI document of this server. */
  @Get('openapi.json')
  @Authenticated()
  @ApiOkResponse({ schema: { type: 'object' } })
  async getOpenApiDocument(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.type('application/json');
    return readFile(DOCUMENT, 'utf8');
  }
}
