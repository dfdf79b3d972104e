import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

import { eventuallyPasses } from '../support/eventually.js';
import type { Answer } from '../support/http-client.js';
import { createLinkedApp, type LinkedApp } from '../support/linked-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-postgres.js';

/** The check asks for 10 s; the rest is what a busy machine adds. */
const NOTICED_WITHIN_MS = 12_000;
const ENDED_WITHIN_MS = 25_000;

/** A road on which, from one moment on, nothing arrives any more and nobody is told: a firewall that forgot it. */
class BlackHole {
  private readonly roads = new Set<{ near: Socket; far: Socket }>();
  private isSwallowing = false;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async before(target: string): Promise<BlackHole> {
    const url = new URL(target);
    const [port, hostname] = [Number(url.port), url.hostname];
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    url.hostname = '127.0.0.1';
    url.port = String((server.address() as AddressInfo).port);
    const hole = new BlackHole(server, url.href);
    server.on('connection', (near) => {
      hole.carry(near, connect(port, hostname));
    });
    return hole;
  }

  swallow(): void {
    this.isSwallowing = true;
  }

  /** New connections arrive again; the old ones stay lost. */
  open(): void {
    for (const road of this.roads) for (const socket of [road.near, road.far]) socket.removeAllListeners('data');
    this.isSwallowing = false;
  }

  async close(): Promise<void> {
    for (const { near, far } of this.roads) {
      near.destroy();
      far.destroy();
    }
    this.server.close();
    await once(this.server, 'close');
  }

  private carry(near: Socket, far: Socket): void {
    this.roads.add({ near, far });
    const pairs = [
      [near, far],
      [far, near],
    ] as const;
    for (const [from, to] of pairs) {
      from.on('error', () => undefined);
      from.on('data', (data) => {
        if (!this.isSwallowing) to.write(data);
      });
      from.on('close', () => {
        if (!this.isSwallowing) to.destroy();
      });
    }
  }
}

describe('a connection to PostgreSQL that is half open (e2e)', () => {
  let database: TestDatabase;
  let hole: BlackHole;
  let linked: LinkedApp;

  beforeAll(async () => {
    database = await createTestDatabase();
    hole = await BlackHole.before(database.url);
    linked = await createLinkedApp({ database: { ...database, url: hole.url } });
  });

  afterAll(async () => {
    await hole.close();
    await database.drop();
  });

  const send = (key: string): Promise<Answer<{ id: string }>> =>
    linked.admin.post('/v1/messages', { to: '+12025550110', text: key }, { 'idempotency-key': key });

  it('F6 is noticed in time, answered 503, and all goes on over new connections', async () => {
    expect((await send('before')).status).toBe(202);
    hole.swallow();
    const began = performance.now();
    const sent = send('during');
    const noticed = await Promise.all([linked.app.client.get('/health/ready'), linked.admin.get('/v1/messages')]);
    expect(performance.now() - began).toBeLessThan(NOTICED_WITHIN_MS);
    expect(noticed.map(({ status }) => status)).toEqual([503, 503]);
    expect((await sent).status).toBe(503);
    expect((await sent).headers.get('retry-after')).toMatch(/^\d+$/);

    hole.open();
    await eventuallyPasses(async () => {
      expect((await linked.app.client.get('/health/ready')).status).toBe(200);
      expect((await send('during')).status).toBe(202);
    }, 20_000);
    await eventuallyPasses(async () => {
      const { body } = await linked.admin.get<{ data: readonly { text: string }[] }>('/v1/sandbox/default/outbox');
      expect(body.data.map(({ text }) => text).sort()).toEqual(['before', 'during']);
    }, 20_000);
  }, 120_000);

  it('F6 keeps nobody from ending the server', async () => {
    const began = performance.now();
    await linked.app.close();
    expect(performance.now() - began).toBeLessThan(ENDED_WITHIN_MS);
  }, 60_000);
});
