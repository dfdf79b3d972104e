import { once } from 'node:events';
import { type AddressInfo, createServer, connect, type Socket } from 'node:net';

import { PrismaService } from '../../src/platform/prisma/prisma.service.js';
import { createTestPlatform, type TestPlatform } from '../support/test-platform.js';
import { createTestDatabase, type TestDatabase } from '../support/test-postgres.js';

/** FATAL 57P01, as PostgreSQL says it to a connection that an administrator ends. */
const fatal = (): Buffer => {
  const fields = Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0');
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
};

const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

describe(PrismaService.name, () => {
  let database: TestDatabase;
  let platform: TestPlatform;
  let ends = 0;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(new URL(database.url).port), '127.0.0.1');
    for (const socket of [near, far]) sockets.add(socket.on('error', () => undefined));
    near.pipe(far);
    far.on('data', (data) => {
      const isReady = data.subarray(-READY.length).equals(READY);
      const isEnded = isReady && ends > 0;
      if (isEnded) ends -= 1;
      near.write(isEnded ? Buffer.concat([data, fatal()]) : data);
    });
    far.on('close', () => near.destroy());
    near.on('close', () => far.destroy());
  });

  beforeAll(async () => {
    database = await createTestDatabase();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(database.url);
    url.port = String((server.address() as AddressInfo).port);
    platform = await createTestPlatform({ database: { url: url.href, ownerUrl: database.ownerUrl } });
  });

  afterAll(async () => {
    await platform.close();
    for (const socket of sockets) socket.destroy();
    server.close();
    await database.drop();
  });

  it('F5 survives a connection that is ended with the very byte that made it ready', async () => {
    const prisma = platform.get<PrismaService>(PrismaService);
    ends = 3;
    const tries = await Promise.allSettled(
      Array.from({ length: 6 }, () => prisma.$transaction((db) => db.$queryRaw`SELECT 1`)),
    );
    expect(ends).toBe(0);
    expect(tries.some(({ status }) => status === 'rejected')).toBe(true);
    await expect(prisma.$queryRaw`SELECT 1 AS one`).resolves.toEqual([{ one: 1 }]);
  });
});
