import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { parsePhoneNumber } from '../../../kernel/phone-number.js';
import { withoutAbsent } from '../../../kernel/without-absent.js';
import { CurrentPrincipal, type Principal, RequirePermissions } from '../../access/index.js';
import { OptOuts } from '../opt-outs.js';
import { OptOutPageResponse, OptOutResponse } from './opt-out.response.js';
import { CreateOptOutRequest, ListOptOutsQuery, OptOutParams } from './opt-outs.request.js';

/** People who want no messages. */
@ApiTags('opt-outs')
@Controller('v1/opt-outs')
export class OptOutsController {
  constructor(private readonly optOuts: OptOuts) {}

  /** Who wants no messages, newest first. */
  @Get()
  @RequirePermissions('messages:read')
  async listOptOuts(
    @Query() { phone, sessionId, limit, cursor }: ListOptOutsQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<OptOutPageResponse> {
    const filters = withoutAbsent({ phone: phone && (parsePhoneNumber(phone) ?? phone), sessionId });
    return OptOutPageResponse.from(await this.optOuts.list(principal, filters, { limit, cursor }));
  }

  /** One opt-out. */
  @Get(':id')
  @RequirePermissions('messages:read')
  async getOptOut(@Param() { id }: OptOutParams, @CurrentPrincipal() principal: Principal): Promise<OptOutResponse> {
    return OptOutResponse.from(await this.optOuts.get(principal, id));
  }

  /** Writes down that somebody wants no messages; from here on none is sent, not even one that waits. */
  @Post()
  @RequirePermissions('messages:send')
  @HttpCode(201)
  async createOptOut(
    @Body() body: CreateOptOutRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<OptOutResponse> {
    const { phone, sessionId, reason } = body;
    const wish = { phone: parsePhoneNumber(phone) ?? phone, sessionId: sessionId ?? null, reason: reason ?? null };
    return OptOutResponse.from(await this.optOuts.add(principal, wish));
  }

  /** Takes it back: only when the person has asked for it. */
  @Delete(':id')
  @RequirePermissions('messages:send')
  @HttpCode(204)
  async deleteOptOut(@Param() { id }: OptOutParams, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.optOuts.remove(principal, id);
  }
}
