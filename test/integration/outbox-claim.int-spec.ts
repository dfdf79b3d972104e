import { OutboxRepository } from '../../src/modules/messages/outbox.repository.js';
import { PrismaService } from '../../src/platform/prisma/prisma.service.js';
import { createTestPlatform } from '../support/test-platform.js';
import { createTestDatabase } from '../support/test-postgres.js';

const QUEUED = 4000;
const RECIPIENTS = 40;

describe('the claim of due messages', () => {
  it('F28 takes no longer when the planner knows nothing of a backlog that has just come', async () => {
    const database = await createTestDatabase();
    const platform = await createTestPlatform({ database });
    const prisma = platform.get(PrismaService);
    const outbox = new OutboxRepository(prisma);
    await prisma.$executeRaw`INSERT INTO session_lease (session_id, owner, fence, expires_at)
      VALUES ('default', 'me', 1, now() + interval '1 hour')`;
    // Plans are kept with the connection: these are made while the table is empty.
    for (let i = 0; i < 10; i += 1) await outbox.claim('default', 1n, 256);
    await prisma.$executeRaw`
      INSERT INTO message (id, session_id, direction, type, status, recipient, text)
      SELECT 'msg_' || n, 'default', 'OUTBOUND', 'text', 'QUEUED', '+1202555' || n % ${RECIPIENTS}::int, 'hello'
      FROM generate_series(1, ${QUEUED}::int) AS n`;
    const began = performance.now();
    const claimed = await outbox.claim('default', 1n, 256);
    const tookMs = performance.now() - began;
    expect(claimed.map(({ id }) => id)).toEqual(Array.from({ length: RECIPIENTS }, (_, n) => `msg_${String(n + 1)}`));
    expect(await outbox.claim('default', 1n, 256)).toEqual([]);
    // Comparing all with all took more than four seconds; a look for each row takes some 30 ms.
    expect(tookMs).toBeLessThan(1000);
    await platform.close();
    await database.drop();
  }, 60_000);

  it('passes over what is held, and not over what is under way', async () => {
    const database = await createTestDatabase();
    const platform = await createTestPlatform({ database });
    const prisma = platform.get(PrismaService);
    const outbox = new OutboxRepository(prisma);
    await prisma.$executeRaw`INSERT INTO session_lease (session_id, owner, fence, expires_at)
      VALUES ('default', 'me', 1, now() + interval '1 hour')`;
    await prisma.$executeRaw`
      INSERT INTO message (id, session_id, direction, type, status, recipient, text, is_held)
      VALUES ('msg_1', 'default', 'OUTBOUND', 'text', 'QUEUED', '+1', 'held', true),
        ('msg_2', 'default', 'OUTBOUND', 'text', 'QUEUED', '+1', 'behind what is held', false),
        ('msg_3', 'default', 'OUTBOUND', 'text', 'SENDING', '+2', 'held when it was under way', true),
        ('msg_4', 'default', 'OUTBOUND', 'text', 'QUEUED', '+2', 'behind what is under way', false)`;
    expect((await outbox.claim('default', 1n, 10)).map(({ id }) => id)).toEqual(['msg_2']);
    await platform.close();
    await database.drop();
  });
});
