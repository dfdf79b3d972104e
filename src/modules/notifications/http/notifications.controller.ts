import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { Authenticated, CurrentPrincipal, type Principal } from '../../access/index.js';
import { NotificationInbox } from '../notification-inbox.js';
import { NotificationListResponse, NotificationResponse } from './notification.response.js';
import { ListNotificationsQuery, NotificationParams } from './notifications.requests.js';

@ApiTags('notifications')
@Authenticated()
@Controller('v1/notifications')
export class NotificationsController {
  constructor(private readonly inbox: NotificationInbox) {}

  /** What you were told, newest first. */
  @Get()
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query() { unread, limit, cursor }: ListNotificationsQuery,
  ): Promise<NotificationListResponse> {
    return NotificationListResponse.from(await this.inbox.list(principal, { isUnreadOnly: unread, limit, cursor }));
  }

  /** Marks one of yours as read. */
  @Post(':id/read')
  @HttpCode(200)
  async read(
    @CurrentPrincipal() principal: Principal,
    @Param() { id }: NotificationParams,
  ): Promise<NotificationResponse> {
    return NotificationResponse.from(await this.inbox.markRead(principal, id));
  }
}
