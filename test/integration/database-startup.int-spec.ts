import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { Lifecycle } from '../../src/platform/lifecycle/lifecycle.js';
import { DatabaseStartup } from '../../src/platform/prisma/database-startup.js';
import { freePort } from '../support/redis-server.js';
import { createEmptyDatabase, type TestDatabase } from '../support/test-postgres.js';

let database: TestDatabase;

beforeEach(async () => {
  database = await createEmptyDatabase();
});

afterEach(() => database.drop());

const startupWith = (ownerUrl: string): { readonly startup: DatabaseStartup; readonly lifecycle: Lifecycle } => {
  const lifecycle = new Lifecycle();
  return { lifecycle, startup: new DatabaseStartup({ url: ownerUrl, ownerUrl, poolMax: 4 }, lifecycle) };
};

/** A door to the database that opens when the test says so. */
const openDoor = async (port: number): Promise<Server> => {
  const { hostname, port: target } = new URL(database.ownerUrl);
  const door = createServer((inside) => {
    const outside = connect(Number(target), hostname);
    inside.pipe(outside).pipe(inside);
    for (const socket of [inside, outside]) socket.on('error', () => undefined);
  });
  door.listen(port, '127.0.0.1');
  await once(door, 'listening');
  return door;
};

const through = (port: number): string => {
  const url = new URL(database.ownerUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return url.href;
};

describe(DatabaseStartup.name, () => {
  it('waits for a database that cannot be reached, says so, and starts when it can', async () => {
    const port = await freePort();
    const { startup, lifecycle } = startupWith(through(port));
    const order: string[] = [];
    lifecycle.onStart('first', () => Promise.resolve(void order.push('first')));
    const running = startup.run();
    while (startup.trouble === 'The process is starting.') await sleep(20);
    expect(startup.trouble).toBe(`The database cannot be reached at 127.0.0.1:${String(port)}.`);
    expect(lifecycle.isStarted).toBe(false);

    const door = await openDoor(port);
    await running;
    expect(lifecycle.isStarted).toBe(true);
    expect(startup.trouble).toBeUndefined();
    expect(order).toEqual(['first']);
    door.close();
  });

  it('starts nothing twice when the database goes away in between', async () => {
    const { startup, lifecycle } = startupWith(database.ownerUrl);
    const calls: string[] = [];
    lifecycle.onStart('first', () => Promise.resolve(void calls.push('first')));
    lifecycle.onStart('second', () => {
      calls.push('second');
      const lost = Object.assign(new Error('terminating connection'), { code: '57P01' });
      return calls.length < 3 ? Promise.reject(lost) : Promise.resolve();
    });
    await startup.run();
    expect(calls).toEqual(['first', 'second', 'second']);
  });

  it.each([
    ['a wrong password', (url: URL) => (url.password = 'wrong')],
    ['a database that does not exist', (url: URL) => (url.pathname = 'nowhere')],
  ])('gives up at once at %s, in one sentence without the password', async (_what, spoil) => {
    const url = new URL(database.ownerUrl);
    const { password } = url;
    spoil(url);
    const { startup, lifecycle } = startupWith(url.href);
    const failure: unknown = await startup.run().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(String(failure)).not.toContain(password);
    expect(String(failure)).not.toContain('\n');
    expect(lifecycle.isStarted).toBe(false);
  });

  it('stops waiting when the process is told to stop', async () => {
    const { startup, lifecycle } = startupWith(through(await freePort()));
    const running = startup.run();
    while (startup.trouble === 'The process is starting.') await sleep(20);
    await lifecycle.drain();
    await running;
    expect(lifecycle.isStarted).toBe(false);
  });
});
