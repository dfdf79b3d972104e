import { request } from 'node:http';

import type { HttpClient } from '../support/http-client.js';
import { type Actor, ACTORS, ROUTE_TABLE, type RouteRow } from '../support/route-table.js';
import { RouterWalk } from '../support/router-walk.js';
import { createTestApp, type Person, type TestApp } from '../support/test-app.js';

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);
/** A body that every route refuses after it has let the caller in. */
const REFUSED_BODY = { 'no-such-field': true };
const WRITE_ONCE = ['role', 'tenantId', 'id', 'status', 'createdAt', 'leaseOwner', 'sentAt'];

const ROWS = Object.entries(ROUTE_TABLE).map(([route, row]): readonly [string, RouteRow] => [route, row]);

const methodOf = (route: string): string => route.split(' ', 1)[0] ?? '';
const pathOf = (route: string, row: RouteRow): string => row.path ?? route.slice(methodOf(route).length + 1);

describe('who may call what (e2e)', () => {
  const walk = new RouterWalk();
  let app: TestApp;
  let people: ReadonlyMap<Actor, Person>;

  const add = async (actor: Actor): Promise<Person> => {
    if (actor === 'other') return app.addPerson('OPERATOR', ['somebody-elses']);
    const person = await app.addPerson(actor === 'revoked' || actor === 'anonymous' ? 'OPERATOR' : actor);
    if (actor === 'revoked') await person.client.post('/v1/auth/logout');
    return person;
  };

  const clientOf = async (actor: Actor, row: RouteRow): Promise<HttpClient> => {
    if (actor === 'anonymous') return app.client;
    const person = row.endsSignIn ? await add(actor) : people.get(actor);
    if (!person) throw new Error(`nobody plays ${actor}`);
    return person.client;
  };

  const probe = async (route: string, row: RouteRow, actor: Actor): Promise<number> => {
    const method = methodOf(route);
    const body = WITH_BODY.has(method) && !row.hasNoBody ? (row.body ?? REFUSED_BODY) : undefined;
    const client = await clientOf(actor, row);
    return (await client.call(pathOf(route, row), { method, ...(body === undefined ? {} : { body }) })).status;
  };

  beforeAll(async () => {
    app = await createTestApp({ prepare: walk.watch });
    people = new Map(
      await Promise.all(
        ACTORS.filter((actor) => actor !== 'anonymous').map(async (actor) => [actor, await add(actor)] as const),
      ),
    );
  });

  afterAll(() => app.close());

  it('A1 every route of the router has a row in the reviewed table, and every row a route', () => {
    expect(walk.routes).toEqual(Object.keys(ROUTE_TABLE).sort());
  });

  it.each(ROWS)('A1 %s', async (route, row) => {
    const codes: Partial<Record<Actor, number>> = {};
    for (const actor of ACTORS) codes[actor] = await probe(route, row, actor);
    expect(codes).toEqual(row.codes);
  });

  it.each(ROWS)('A5 %s refuses a query parameter that it does not know', async (route, row) => {
    const admin = await clientOf('ADMIN', row);
    const method = methodOf(route);
    const body = WITH_BODY.has(method) && !row.hasNoBody ? { body: row.body ?? REFUSED_BODY } : {};
    const { status } = await admin.call(`${pathOf(route, row)}?no-such-parameter=1`, { method, ...body });
    expect(status).toBe(400);
  });

  const bodied = ROWS.filter(([route, row]) => WITH_BODY.has(methodOf(route)) && !row.hasNoBody && !row.isSigned);

  interface Problem {
    readonly errors?: readonly { readonly pointer: string }[];
  }

  const pointersOf = async (route: string, row: RouteRow, body: unknown): Promise<readonly string[]> => {
    const admin = await clientOf('ADMIN', row);
    const answer = await admin.call<Problem>(pathOf(route, row), { method: methodOf(route), body });
    expect(answer.status).toBe(400);
    return (answer.body.errors ?? []).map(({ pointer }) => pointer);
  };

  it.each(bodied)('A7 %s refuses fields that are not for callers to write', async (route, row) => {
    for (const field of WRITE_ONCE.filter((name) => !row.texts?.includes(name))) {
      expect(await pointersOf(route, row, { [field]: 'x' })).toContain(`#/${field}`);
    }
  });

  it.each(bodied)('A9 %s refuses text of any other type', async (route, row) => {
    for (const field of row.texts ?? []) {
      for (const value of [{ not: '' }, ['x'], 12, true, null]) {
        expect(await pointersOf(route, row, { [field]: value })).toContain(`#/${field}`);
      }
    }
  });

  it.each(bodied)('I2 %s is not polluted by __proto__, constructor or prototype', async (route, row) => {
    const admin = await clientOf('ADMIN', row);
    for (const rawBody of ['{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}']) {
      const { status } = await admin.call(pathOf(route, row), { method: methodOf(route), rawBody });
      expect(status).toBe(400);
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    }
  });

  describe('A10', () => {
    /** `fetch` tidies paths up and refuses TRACE: these go out as they stand. */
    const send = (method: string, path: string, headers: Record<string, string>): Promise<number> =>
      new Promise((resolve, reject) => {
        const { hostname, port } = new URL(app.url);
        request({ hostname, port, path, method, headers }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        })
          .on('error', reject)
          .end();
      });

    const variantsOf = (path: string): readonly string[] => [
      `${path}/`,
      `${path}.`,
      `${path}//`,
      `/${path}`,
      `/.${path}`,
      `/x/..${path}`,
      `/x/%2e%2e${path}`,
      path.replaceAll('/', '//'),
      path.toUpperCase(),
      path.replace(/[a-z](?=[a-z]*$)/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
      path.replace(/^\/(.)/, (_all, letter: string) => `/%${letter.charCodeAt(0).toString(16)}`),
      `${path};x=1`,
      `${path}%00`,
      `${path}%20`,
      `${path}?_method=GET`,
      `${path}#x`,
    ];

    const guarded = ROWS.filter(([, row]) => row.codes.anonymous === 401 && !row.isSigned && !row.endsSignIn);

    it.each(guarded)('%s is not wider in any other way of writing it', async (route, row) => {
      const method = methodOf(route);
      const viewer = people.get('VIEWER');
      const authorization = `Bearer ${viewer?.accessToken ?? ''}`;
      for (const path of variantsOf(pathOf(route, row))) {
        expect([400, 401, 404, 405]).toContain(await send(method, path, {}));
        if (row.codes.VIEWER === 403) {
          expect([400, 401, 403, 404, 405]).toContain(await send(method, path, { authorization }));
        }
      }
    });

    it.each(guarded)('%s is not wider by another method or an override of it', async (route, row) => {
      const path = pathOf(route, row);
      for (const method of ['HEAD', 'OPTIONS', 'TRACE', 'QUERY']) {
        expect([400, 401, 404, 405, 415, 501]).toContain(await send(method, path, {}));
      }
      for (const header of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
        expect(await send(methodOf(route), path, { [header]: 'GET' })).toBe(401);
      }
      for (const header of ['x-original-url', 'x-rewrite-url', 'x-forwarded-prefix']) {
        expect(await send(methodOf(route), path, { [header]: '/setup' })).toBe(401);
      }
    });
  });
});
