import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { requestKeyOf } from '../../../platform/http/idempotency/request-key.js';
import { CurrentPrincipal, type Principal, RequirePermissions } from '../../access/index.js';
import { WhatsAppService } from '../whatsapp.service.js';
import { ReconnectRequest, SendRequest } from './whatsapp.requests.js';
import {
  ConnectionStatusResponse,
  DoneResponse,
  IsAuthenticatedResponse,
  NewQrResponse,
  QrResponse,
  StatusResponse,
} from './whatsapp.responses.js';

/** The session `default`, for administrators and for services that know no other. */
@ApiTags('whatsapp')
@Controller('whatsapp')
@RequirePermissions('whatsapp:admin')
export class WhatsAppController {
  constructor(private readonly whatsapp: WhatsAppService) {}

  /** Whether the session can send, in short. */
  @Get('status')
  async getWhatsAppStatus(): Promise<StatusResponse> {
    return StatusResponse.from(await this.whatsapp.getConnectionStatus());
  }

  /** Where the session stands, and when its QR code expires. */
  @Get('connection-status')
  async getConnectionStatus(): Promise<ConnectionStatusResponse> {
    return ConnectionStatusResponse.from(await this.whatsapp.getConnectionStatus());
  }

  /** Whether a number is linked. */
  @Get('is-authenticated')
  isAuthenticated(): IsAuthenticatedResponse {
    return IsAuthenticatedResponse.from(this.whatsapp.isAuthenticated());
  }

  /** The QR code that is shown now. Reading one is written to the audit trail: whoever scans it holds the number. */
  @Get('qr')
  async getQrCode(): Promise<QrResponse> {
    return QrResponse.from(await this.whatsapp.getQRCode());
  }

  /** Makes a new QR code and waits for it. */
  @Get('admin/qr-code')
  async makeQrCode(): Promise<NewQrResponse> {
    return NewQrResponse.from(await this.whatsapp.generateQRCode());
  }

  /** Answers when the message has really been sent. */
  @Post('send')
  @HttpCode(200)
  async sendWhatsAppMessage(
    @Body() { phone, message }: SendRequest,
    @CurrentPrincipal() principal: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DoneResponse> {
    const { isReplay } = await this.whatsapp.sendMessage(phone, message, { principal, once: requestKeyOf(request) });
    if (isReplay) void reply.header('idempotency-replayed', 'true');
    return DoneResponse.from('The message was sent.');
  }

  /** Closes the session and keeps it closed; the number stays linked. */
  @Post('disconnect')
  @HttpCode(200)
  async disconnectWhatsApp(): Promise<DoneResponse> {
    await this.whatsapp.disconnect();
    return DoneResponse.from('WhatsApp was disconnected.');
  }

  /** Closes the session and opens it again. */
  @Post('reconnect')
  @HttpCode(200)
  async reconnectWhatsApp(@Body() { confirmNumberChange = false }: ReconnectRequest): Promise<DoneResponse> {
    await this.whatsapp.reconnect({ confirmNumberChange });
    return DoneResponse.from('WhatsApp is reconnecting.');
  }
}
