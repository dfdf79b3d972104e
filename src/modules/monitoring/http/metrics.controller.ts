import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { Metrics } from '../../../platform/metrics/metrics.js';
import { RequirePermissions } from '../../access/index.js';

@ApiTags('monitoring')
@Controller()
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  /** Everything that is measured, in the text format of Prometheus. */
  @Get('metrics')
  @RequirePermissions('monitoring:read')
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  async getMetrics(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.type(this.metrics.contentType);
    return this.metrics.render();
  }
}
