import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentPrincipal, type Principal, RequirePermissions } from '../../access/index.js';
import { ApiKeys } from '../api-keys.js';
import { ApiKeyPageResponse, ApiKeyResponse, CreatedApiKeyResponse } from './api-key.response.js';
import { ApiKeyParams, CreateApiKeyRequest, ListApiKeysQuery } from './api-keys.request.js';

/** Ways in for programs. */
@ApiTags('api-keys')
@RequirePermissions('api-keys:manage')
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeys) {}

  /** What is known of the keys, newest first. */
  @Get()
  async listApiKeys(@Query() { prefix, limit, cursor }: ListApiKeysQuery): Promise<ApiKeyPageResponse> {
    return ApiKeyPageResponse.from(await this.keys.list(prefix, { limit, cursor }));
  }

  /** Makes a key; it is shown in this answer and never again. */
  @Post()
  @HttpCode(201)
  async createApiKey(
    @Body() body: CreateApiKeyRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<CreatedApiKeyResponse> {
    const { name, scopes, addresses = [] } = body;
    const limits = {
      sessionIds: body.sessionIds ?? null,
      dailyQuota: body.dailyQuota ?? null,
      expiresAt: body.expiresAt ?? null,
    };
    return CreatedApiKeyResponse.fromCreated(await this.keys.create({ name, scopes, addresses, ...limits }, principal));
  }

  /** What is known of one key; never the key. */
  @Get(':id')
  async getApiKey(@Param() { id }: ApiKeyParams): Promise<ApiKeyResponse> {
    return ApiKeyResponse.from(await this.keys.get(id));
  }

  /** Revokes a key: everywhere within five seconds. */
  @Delete(':id')
  @HttpCode(204)
  async revokeApiKey(@Param() { id }: ApiKeyParams): Promise<void> {
    await this.keys.revoke(id);
  }
}
