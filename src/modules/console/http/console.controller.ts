import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { NotCounted } from '../../../platform/http/throttle/counted-as.js';
import { Public } from '../../access/index.js';
import { type ConsoleFileName, ConsoleFiles } from '../console-files.js';

/** Only what these pages need: their own script, style and the API beside them. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
  "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'";

/** The pages of the console. */
@ApiExcludeController()
@Controller('console')
@Public()
@NotCounted()
export class ConsoleController {
  constructor(private readonly files: ConsoleFiles) {}

  @Get('setup')
  getSetupPage(@Res() reply: FastifyReply): void {
    this.send(reply, 'setup.html');
  }

  @Get('setup.css')
  getSetupStyle(@Res() reply: FastifyReply): void {
    this.send(reply, 'setup.css');
  }

  @Get('setup.js')
  getSetupScript(@Res() reply: FastifyReply): void {
    this.send(reply, 'setup.js');
  }

  private send(reply: FastifyReply, name: ConsoleFileName): void {
    const { type, content } = this.files.get(name);
    void reply.header('content-security-policy', CONTENT_SECURITY_POLICY).type(type).send(content);
  }
}
