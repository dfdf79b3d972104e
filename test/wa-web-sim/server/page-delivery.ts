import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pageConfigOf } from './config.ts';
import { readBody, reply, replyJson } from './http.ts';
import { pageScript } from './page-script.ts';
import { SimError } from './sim-error.ts';
import type { World } from './world.ts';

const PAGE_DIRECTORY = fileURLToPath(new URL('../page/', import.meta.url));
const SCRIPT_URL = '/sim/app.js';
const MEDIA_URL = '/sim/media';

/** What the browser gets when it asks for https://web.whatsapp.com: the page, its scripts, and files. */
export class PageDelivery {
  private readonly world: World;
  private readonly script = pageScript(PAGE_DIRECTORY, 'main.js');
  private readonly html = readFileSync(join(PAGE_DIRECTORY, 'index.html'));
  private stalled: ServerResponse[] = [];

  constructor(world: World) {
    this.world = world;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.route(request, response);
    } catch (error) {
      const { status, message } = error instanceof SimError ? error : { status: 500, message: String(error) };
      if (!response.headersSent) reply(response, status, 'text/plain', message);
    }
  }

  /** Ends the loads that hung under `stallLoad`; with an empty script, so those pages stay empty. */
  release(): void {
    for (const response of this.stalled) response.end('');
    this.stalled = [];
  }

  private async route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'https://web.whatsapp.com');
    if (url.pathname === SCRIPT_URL) {
      this.deliverScript(response);
    } else if (url.pathname.startsWith(MEDIA_URL)) {
      this.deliverMedia(url.pathname.slice(MEDIA_URL.length), response);
    } else if (url.pathname === '/sim/upload' && request.method === 'POST') {
      await this.takeUpload(request, url.searchParams, response);
    } else if (request.method === 'GET' && !url.pathname.includes('.')) {
      this.deliverPage(url, request, response);
    } else {
      reply(response, 404, 'text/plain', 'not found');
    }
  }

  private deliverPage(url: URL, request: IncomingMessage, response: ServerResponse): void {
    this.world.journal.record('page-request', { url: url.pathname + url.search, host: request.headers.host });
    const { httpStatus } = this.world.config;
    if (httpStatus === 200) reply(response, 200, 'text/html; charset=utf-8', this.html);
    else reply(response, httpStatus, 'text/html', '<h1>error</h1>');
  }

  private deliverScript(response: ServerResponse): void {
    if (this.world.config.stallLoad) {
      this.stalled.push(response);
      this.world.journal.record('load-stalled');
      return;
    }
    const config = JSON.stringify(pageConfigOf(this.world.config));
    reply(response, 200, 'text/javascript', `window.__WASIM_CFG__ = ${config};\n${this.script}`);
  }

  private deliverMedia(directPath: string, response: ServerResponse): void {
    const file = this.world.media.find(directPath);
    if (!file || file.missing) reply(response, 404, 'text/plain', 'gone');
    else reply(response, 200, 'application/octet-stream', file.bytes);
  }

  private async takeUpload(request: IncomingMessage, about: URLSearchParams, response: ServerResponse): Promise<void> {
    const bytes = await readBody(request, this.world.config.uploadMaxBytes);
    const file = this.world.media.add(bytes, about.get('mimetype') ?? undefined);
    this.world.journal.record('upload', { bytes: bytes.length, type: about.get('type') });
    replyJson(response, 200, { directPath: file.directPath, encFilehash: file.sha256, size: bytes.length });
  }
}
