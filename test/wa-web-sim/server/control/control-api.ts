import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody, replyJson } from '../http.ts';
import { SimError } from '../sim-error.ts';
import { faultRoutes } from './fault-routes.ts';
import { messageRoutes } from './message-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import { phoneRoutes } from './phone-routes.ts';
import type { ControlContext, Routes } from './route.ts';
import { stateRoutes } from './state-routes.ts';

const BASE = '/control';
const MEDIA = '/media';
const MAX_BODY_BYTES = 256 * 1024 * 1024;

/** The plain HTTP side: with it a test plays the phone, the contacts and the network. */
export class ControlApi {
  private readonly context: ControlContext;
  private readonly routes: Routes;

  constructor(context: ControlContext) {
    this.context = context;
    this.routes = {
      ...stateRoutes(context),
      ...phoneRoutes(context),
      ...messageRoutes(context),
      ...peopleRoutes(context),
      ...faultRoutes(context),
    };
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      const path = url.pathname.startsWith(BASE) ? url.pathname.slice(BASE.length) : url.pathname;
      if (request.method === 'GET' && path.startsWith(`${MEDIA}/`)) {
        this.deliverMedia(decodeURIComponent(path.slice(MEDIA.length)), response);
      } else {
        replyJson(response, 200, await this.call(`${request.method ?? 'GET'} ${path}`, url, request));
      }
    } catch (error) {
      const status = error instanceof SimError ? error.status : 500;
      replyJson(response, status, { error: error instanceof Error ? error.message : String(error) });
    }
  }

  private async call(name: string, url: URL, request: IncomingMessage): Promise<unknown> {
    const route = this.routes[name];
    if (!route) throw new SimError(404, `no ${name}; there are: ${Object.keys(this.routes).join(', ')}`);
    const query = Object.fromEntries(url.searchParams);
    const body = request.method === 'GET' ? '' : (await readBody(request, MAX_BODY_BYTES)).toString('utf8');
    const parameters: unknown = body ? { ...query, ...(JSON.parse(body) as object) } : query;
    return route(parameters as never);
  }

  private deliverMedia(directPath: string, response: ServerResponse): void {
    const file = this.context.world.media.find(directPath);
    if (!file) {
      replyJson(response, 404, { error: 'no such media' });
      return;
    }
    response.writeHead(200, {
      'content-type': file.mimetype ?? 'application/octet-stream',
      'x-sha256': file.sha256,
    });
    response.end(file.bytes);
  }
}
