import { Body, Controller, Get, Header, Headers, HttpCode, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { toString } from 'qrcode';

import { CurrentPrincipal, type Principal, RequirePermissions } from '../../access/index.js';
import { SessionContacts } from '../session-contacts.js';
import { SessionService } from '../session.service.js';
import { qrPng } from './qr-png.js';
import { QrResponse } from './qr.response.js';
import {
  ContactPageResponse,
  GroupPageResponse,
  NumberCheckResponse,
  PairingCodeResponse,
  ProfileResponse,
} from './session-contacts.response.js';
import {
  PageQuery,
  PairingCodeRequest,
  SessionChatParams,
  SessionParams,
  SessionPhoneParams,
  TypingRequest,
} from './sessions.request.js';

/** Dots of a module in the picture that stands alone. */
const IMAGE_SCALE = 8;

const wantsSvg = (accept: string): boolean => {
  const svg = accept.indexOf('image/svg+xml');
  const png = accept.indexOf('image/png');
  return svg >= 0 && (png < 0 || svg < png);
};

/** Links a number, and asks WhatsApp about numbers. */
@ApiTags('sessions')
@Controller('v1/sessions/:id')
export class SessionContactsController {
  constructor(
    private readonly sessions: SessionService,
    private readonly contacts: SessionContacts,
  ) {}

  /** The QR code that can be scanned now; 404 before there is one, 410 when it is over. */
  @Get('qr')
  @RequirePermissions('sessions:pair')
  async getQr(@Param() { id }: SessionParams, @CurrentPrincipal() principal: Principal): Promise<QrResponse> {
    return QrResponse.from(await this.sessions.showQrCode(await this.sessions.get(id, principal)));
  }

  /** The same as a picture: PNG, or SVG when that is what is accepted. */
  @Get('qr/image')
  @RequirePermissions('sessions:pair')
  @ApiProduces('image/png', 'image/svg+xml')
  @Header('vary', 'accept')
  async getQrImage(
    @Param() { id }: SessionParams,
    @Headers('accept') accept: string | undefined,
    @CurrentPrincipal() principal: Principal,
  ): Promise<StreamableFile> {
    const { text } = await this.sessions.showQrCode(await this.sessions.get(id, principal));
    if (wantsSvg(accept ?? '')) {
      const svg = await toString(text, { type: 'svg' });
      return new StreamableFile(Buffer.from(svg), { type: 'image/svg+xml' });
    }
    return new StreamableFile(qrPng(text, IMAGE_SCALE), { type: 'image/png' });
  }

  /** A code to type into the phone instead of scanning. */
  @Post('pairing-code')
  @RequirePermissions('sessions:pair')
  @HttpCode(200)
  async requestPairingCode(
    @Param() { id }: SessionParams,
    @Body() { phone }: PairingCodeRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<PairingCodeResponse> {
    const session = await this.sessions.get(id, principal);
    return PairingCodeResponse.from(await this.contacts.pairingCode(session, phone));
  }

  /** Whether a number is on WhatsApp. */
  @Get('numbers/:phone')
  @RequirePermissions('sessions:read')
  async checkNumber(
    @Param() { id, phone }: SessionPhoneParams,
    @CurrentPrincipal() principal: Principal,
  ): Promise<NumberCheckResponse> {
    const session = await this.sessions.get(id, principal);
    return NumberCheckResponse.from(await this.contacts.checkNumber(session, phone));
  }

  /** The profile of the linked number. */
  @Get('profile')
  @RequirePermissions('sessions:read')
  async getProfile(@Param() { id }: SessionParams, @CurrentPrincipal() principal: Principal): Promise<ProfileResponse> {
    return ProfileResponse.from(await this.contacts.profile(await this.sessions.get(id, principal), null));
  }

  /** The contacts of the linked number. */
  @Get('contacts')
  @RequirePermissions('messages:read')
  async listContacts(
    @Param() { id }: SessionParams,
    @Query() { limit, cursor }: PageQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ContactPageResponse> {
    const session = await this.sessions.get(id, principal);
    return ContactPageResponse.from(await this.contacts.contacts(session, { limit, cursor }));
  }

  /** The profile of a contact. */
  @Get('contacts/:phone')
  @RequirePermissions('messages:read')
  async getContact(
    @Param() { id, phone }: SessionPhoneParams,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ProfileResponse> {
    return ProfileResponse.from(await this.contacts.profile(await this.sessions.get(id, principal), phone));
  }

  /** The groups that the linked number is in. */
  @Get('groups')
  @RequirePermissions('messages:read')
  async listGroups(
    @Param() { id }: SessionParams,
    @Query() { limit, cursor }: PageQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<GroupPageResponse> {
    const session = await this.sessions.get(id, principal);
    return GroupPageResponse.from(await this.contacts.groups(session, { limit, cursor }));
  }

  /** Tells a contact or a group that everything was read. */
  @Post('chats/:chat/read')
  @RequirePermissions('messages:send')
  @HttpCode(204)
  async markChatRead(
    @Param() { id, chat }: SessionChatParams,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    await this.contacts.markRead(await this.sessions.get(id, principal), chat);
  }

  /** Shows a contact or a group that somebody is typing or recording. */
  @Post('chats/:chat/typing')
  @RequirePermissions('messages:send')
  @HttpCode(204)
  async setTyping(
    @Param() { id, chat }: SessionChatParams,
    @Body() { state }: TypingRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    await this.contacts.setTyping(await this.sessions.get(id, principal), chat, state);
  }
}
