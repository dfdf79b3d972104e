import type { NestFastifyApplication } from '@nestjs/platform-fastify';

interface RouteOptions {
  readonly method: string | readonly string[];
  readonly url: string;
}

/** Collects every route that the router gets, as `GET /v1/users/:id`; give `watch` to an application before it starts. */
export class RouterWalk {
  private readonly found = new Set<string>();

  readonly watch = (app: NestFastifyApplication): void => {
    app
      .getHttpAdapter()
      .getInstance()
      .addHook('onRoute', ({ method, url }: RouteOptions) => {
        for (const name of [method].flat()) this.found.add(`${name} ${url}`);
      });
  };

  /** HEAD is left out where the router made it from the GET of the same path. */
  get routes(): readonly string[] {
    const isOwn = (route: string): boolean =>
      !route.startsWith('HEAD ') || !this.found.has(route.replace('HEAD', 'GET'));
    return [...this.found].filter(isOwn).sort();
  }
}
