import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { withoutAbsent } from '../../../kernel/without-absent.js';
import { CurrentPrincipal, type Principal, RequirePermissions } from '../../access/index.js';
import { periodOf, Usage } from '../usage.js';
import { UsageQuery } from './usage.request.js';
import { UsageResponse } from './usage.response.js';

@ApiTags('usage')
@Controller('v1/usage')
export class UsageController {
  constructor(private readonly usage: Usage) {}

  /**
   * Messages by day, up to this moment. Each result of a message is counted once, on the day (UTC) on which it happened:
   * one that was sent yesterday and read today counts as sent yesterday and as read today.
   */
  @Get()
  @RequirePermissions('usage:read')
  async getUsage(
    @Query() { from, to, groupBy }: UsageQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<UsageResponse> {
    const period = periodOf(withoutAbsent({ from, to }), new Date());
    return UsageResponse.from(period, await this.usage.find(principal, period, groupBy));
  }
}
