import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { Idempotent } from '../../../platform/http/idempotency/idempotent.decorator.js';
import { CurrentPrincipal, type Principal, RequirePermissions } from '../../access/index.js';
import { UserReader } from '../user-reader.js';
import { UserWriter } from '../user-writer.js';
import { CreatedUserResponse, UserListResponse, UserResponse } from './user.response.js';
import { ChangeUserRequest, CreateUserRequest, ListUsersQuery } from './users.request.js';

@ApiTags('users')
@RequirePermissions('users:manage')
@Controller('v1/users')
export class UsersController {
  constructor(
    private readonly reader: UserReader,
    private readonly writer: UserWriter,
  ) {}

  /** People, in the order in which they were made. */
  @Get()
  async list(@Query() { limit, cursor }: ListUsersQuery): Promise<UserListResponse> {
    return UserListResponse.from(await this.reader.list({ limit, cursor }));
  }

  /** Adds a person. Without a password one is made, and told once. */
  @Post()
  @Idempotent()
  async create(
    @Body() { email, name, role, password, sessionIds = [] }: CreateUserRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<CreatedUserResponse> {
    return CreatedUserResponse.fromCreated(
      await this.writer.create(principal, { email, name, role, password, sessionIds }),
    );
  }

  /** One person. */
  @Get(':id')
  async get(@Param('id') id: string): Promise<UserResponse> {
    return UserResponse.from(await this.reader.get(id));
  }

  /** Changes a person; what is left out stays. */
  @Patch(':id')
  async change(
    @Param('id') id: string,
    @Body() { name, role, password, sessionIds, disabled }: ChangeUserRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<UserResponse> {
    return UserResponse.from(await this.writer.change(principal, id, { name, role, password, sessionIds, disabled }));
  }

  /** Removes a person; what they did stays in the audit trail. */
  @Delete(':id')
  @HttpCode(204)
  async remove(@Param('id') id: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.writer.remove(principal, id);
  }
}
