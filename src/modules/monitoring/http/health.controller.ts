import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { HealthIndicators } from '../../../platform/health/health-indicators.js';
import { AvailableWhileStarting } from '../../../platform/http/start-gate.js';
import { NotCounted } from '../../../platform/http/throttle/counted-as.js';
import { Public } from '../../access/index.js';
import { MonitoringViewers } from '../monitoring-viewers.js';
import { HealthResponse, LivenessResponse } from './health.response.js';

@ApiTags('monitoring')
@Controller()
@Public()
@NotCounted()
@AvailableWhileStarting()
export class HealthController {
  constructor(
    private readonly indicators: HealthIndicators,
    private readonly viewers: MonitoringViewers,
  ) {}

  /** Says that the process answers. Restart it when it does not. */
  @Get('health/live')
  getLiveness(): LivenessResponse {
    return new LivenessResponse();
  }

  /**
   * Says whether this process can take requests: 200, also while it goes on with less, or 503 with one sentence for
   * each component that fails. Who holds monitoring:read sees every component.
   */
  @Get('health/ready')
  @ApiOkResponse({ type: HealthResponse, description: 'It can.' })
  @ApiServiceUnavailableResponse({ type: HealthResponse, description: 'It cannot, for the reasons given.' })
  async getReadiness(
    @Req() { headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<HealthResponse> {
    const report = await this.indicators.report();
    void reply.status(report.status === 'not-ready' ? 503 : 200);
    return HealthResponse.from(report, await this.viewers.maySeeDetail(headers.authorization));
  }

  /** The same as /health/ready, for whoever looks: always 200. */
  @Get('health')
  async getHealth(@Req() { headers }: FastifyRequest): Promise<HealthResponse> {
    return HealthResponse.from(await this.indicators.report(), await this.viewers.maySeeDetail(headers.authorization));
  }
}
