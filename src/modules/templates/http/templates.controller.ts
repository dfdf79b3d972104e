import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { withoutAbsent } from '../../../kernel/without-absent.js';
import { CurrentPrincipal, type Principal, RequirePermissions } from '../../access/index.js';
import { Templates } from '../templates.js';
import { PreviewResponse, TemplatePageResponse, TemplateResponse } from './template.response.js';
import {
  CreateTemplateRequest,
  ListTemplatesQuery,
  PreviewTemplateRequest,
  ReplaceTemplateRequest,
  TemplateParams,
} from './templates.request.js';

/** Texts with places that are filled when they are sent. */
@ApiTags('templates')
@Controller('v1/templates')
export class TemplatesController {
  constructor(private readonly templates: Templates) {}

  /** The templates that you may use, oldest first. */
  @Get()
  @RequirePermissions('messages:read')
  async listTemplates(
    @Query() { sessionId, name, limit, cursor }: ListTemplatesQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<TemplatePageResponse> {
    const filters = withoutAbsent({ sessionId, name });
    return TemplatePageResponse.from(await this.templates.list(principal, filters, { limit, cursor }));
  }

  /** One template with the names of its places. */
  @Get(':id')
  @RequirePermissions('messages:read')
  async getTemplate(
    @Param() { id }: TemplateParams,
    @CurrentPrincipal() principal: Principal,
  ): Promise<TemplateResponse> {
    return TemplateResponse.from(await this.templates.get(principal, id));
  }

  /** Makes a template. */
  @Post()
  @RequirePermissions('templates:manage')
  @HttpCode(201)
  async createTemplate(
    @Body() { name, language, body, sessionId }: CreateTemplateRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<TemplateResponse> {
    const fields = { name, language, body, sessionId: sessionId ?? null };
    return TemplateResponse.from(await this.templates.create(principal, fields));
  }

  /** Changes it whole; messages that were accepted keep the text that they have. */
  @Put(':id')
  @RequirePermissions('templates:manage')
  async replaceTemplate(
    @Param() { id }: TemplateParams,
    @Body() { name, language, body }: ReplaceTemplateRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<TemplateResponse> {
    return TemplateResponse.from(await this.templates.replace(principal, id, { name, language, body }));
  }

  /** Removes a template; messages that were accepted keep the text that they have. */
  @Delete(':id')
  @RequirePermissions('templates:manage')
  @HttpCode(204)
  async deleteTemplate(@Param() { id }: TemplateParams, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.templates.remove(principal, id);
  }

  /** The text as it would be sent. */
  @Post(':id/preview')
  @RequirePermissions('messages:read')
  @HttpCode(200)
  async previewTemplate(
    @Param() { id }: TemplateParams,
    @Body() { variables = {} }: PreviewTemplateRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<PreviewResponse> {
    return PreviewResponse.from(this.templates.fill(await this.templates.get(principal, id), variables));
  }
}
