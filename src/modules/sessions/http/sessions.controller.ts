import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { withoutAbsent } from '../../../kernel/without-absent.js';
import { Idempotent } from '../../../platform/http/idempotency/idempotent.decorator.js';
import { CurrentPrincipal, type Principal, RequirePermissions } from '../../access/index.js';
import type { StoredSettings } from '../domain/session-settings.js';
import { SessionCatalog } from '../session-catalog.js';
import { SessionProxies } from '../session-proxies.js';
import { SessionRemoval } from '../session-removal.js';
import { SessionService } from '../session.service.js';
import type { SessionSettingsRequest } from './session-settings.request.js';
import {
  SessionMovedResponse,
  SessionPageResponse,
  SessionResponse,
  SessionStatusResponse,
} from './session.response.js';
import {
  ChangeSessionRequest,
  CreateSessionRequest,
  PageQuery,
  ReconnectSessionRequest,
  SessionParams,
} from './sessions.request.js';

/** What was given, and nothing else: what is absent stays as it is. */
const plain = (given: object | undefined): object | undefined =>
  given && withoutAbsent(Object.fromEntries(Object.entries(given)));

const toStored = (given: SessionSettingsRequest | undefined): StoredSettings =>
  given === undefined
    ? {}
    : withoutAbsent({
        pacing: plain(given.pacing),
        autoReplies: plain(given.autoReplies),
        retention: plain(given.retention),
        dailyQuota: given.dailyQuota,
        confirmTimeoutSeconds: given.confirmTimeoutSeconds,
      });

/** Linked numbers and their life. */
@ApiTags('sessions')
@Controller('v1/sessions')
export class SessionsController {
  constructor(
    private readonly sessions: SessionService,
    private readonly catalog: SessionCatalog,
    private readonly removal: SessionRemoval,
    private readonly proxies: SessionProxies,
  ) {}

  /** The sessions that you may see, by id. */
  @Get()
  @RequirePermissions('sessions:read')
  async listSessions(
    @Query() { limit, cursor }: PageQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<SessionPageResponse> {
    return SessionPageResponse.from(await this.catalog.list(principal, { limit, cursor }), this.proxies);
  }

  /** Makes a session; it is opened by `start`. */
  @Post()
  @RequirePermissions('sessions:manage')
  @HttpCode(201)
  @Idempotent()
  async createSession(
    @Body() { id, name, engine, settings, proxy = null }: CreateSessionRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<SessionResponse> {
    const session = { id, name, engine, settings: toStored(settings), proxy };
    return SessionResponse.from(await this.catalog.create(session, principal), this.proxies);
  }

  /** One session with its settings. */
  @Get(':id')
  @RequirePermissions('sessions:read')
  async getSession(@Param() { id }: SessionParams, @CurrentPrincipal() principal: Principal): Promise<SessionResponse> {
    return SessionResponse.from(await this.sessions.get(id, principal), this.proxies);
  }

  /** Changes its name, its settings or its proxy. */
  @Patch(':id')
  @RequirePermissions('sessions:manage')
  async changeSession(
    @Param() { id }: SessionParams,
    @Body() { name, settings, proxy }: ChangeSessionRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<SessionResponse> {
    const session = await this.sessions.get(id, principal);
    const change = withoutAbsent({ name, settings: settings && toStored(settings), proxy });
    return SessionResponse.from(await this.catalog.change(session, change), this.proxies);
  }

  /**
   * Unlinks the number and removes the session with its messages and files; the audit trail stays. It is gone at once;
   * when there is much to remove, the last of it goes after the answer.
   */
  @Delete(':id')
  @RequirePermissions('sessions:manage')
  @HttpCode(204)
  async deleteSession(@Param() { id }: SessionParams, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.removal.remove(await this.sessions.get(id, principal));
  }

  /** Where it stands, and what it waits for. */
  @Get(':id/status')
  @RequirePermissions('sessions:read')
  async getSessionStatus(
    @Param() { id }: SessionParams,
    @CurrentPrincipal() principal: Principal,
  ): Promise<SessionStatusResponse> {
    const session = await this.sessions.get(id, principal);
    const code = await this.sessions.qrCode(session);
    return SessionStatusResponse.from(session, code?.expiresAt ?? null);
  }

  /** Opens it, towards a QR code or with the number that is linked. */
  @Post(':id/start')
  @RequirePermissions('sessions:pair')
  @HttpCode(202)
  async startSession(
    @Param() { id }: SessionParams,
    @CurrentPrincipal() principal: Principal,
  ): Promise<SessionMovedResponse> {
    await this.sessions.start(await this.sessions.get(id, principal));
    return SessionMovedResponse.from(await this.sessions.get(id, principal));
  }

  /** Closes it; the number stays linked. */
  @Post(':id/stop')
  @RequirePermissions('sessions:pair')
  @HttpCode(202)
  async stopSession(
    @Param() { id }: SessionParams,
    @CurrentPrincipal() principal: Principal,
  ): Promise<SessionMovedResponse> {
    await this.sessions.disconnect(await this.sessions.get(id, principal));
    return SessionMovedResponse.from(await this.sessions.get(id, principal));
  }

  /** Closes it and unlinks the number. */
  @Post(':id/logout')
  @RequirePermissions('sessions:pair')
  @HttpCode(202)
  async logOutSession(
    @Param() { id }: SessionParams,
    @CurrentPrincipal() principal: Principal,
  ): Promise<SessionMovedResponse> {
    await this.sessions.logout(await this.sessions.get(id, principal));
    return SessionMovedResponse.from(await this.sessions.get(id, principal));
  }

  /** Closes and opens it again. */
  @Post(':id/reconnect')
  @RequirePermissions('sessions:pair')
  @HttpCode(202)
  async reconnectSession(
    @Param() { id }: SessionParams,
    @Body() { confirmNumberChange = false }: ReconnectSessionRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<SessionMovedResponse> {
    await this.sessions.reconnect(await this.sessions.get(id, principal), { confirmNumberChange });
    return SessionMovedResponse.from(await this.sessions.get(id, principal));
  }
}
