/** The claim of due messages, by the product's own repository, behind a thousand that wait and behind a million. */
import pg from 'pg';

import { OutboxRepository } from '../../dist/modules/messages/outbox.repository.js';
import { PrismaService } from '../../dist/platform/prisma/prisma.service.js';
import { fillBacklog } from './rows.mjs';
import { databaseUrl, Waypost, withDataDir } from './waypost.mjs';

const SMALL = 1_000;
const LARGE = Number(process.env.BENCH_BACKLOG ?? 1_000_000);
const CLAIMED = 50;
const CLAIMS = 200;
const FENCE = 1n;

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Milliseconds of a claim. What was claimed goes back, so that each finds the same backlog. */
const measureClaims = async (outbox) => {
  const took = [];
  for (let i = 0; i < CLAIMS; i += 1) {
    const began = performance.now();
    const claimed = await outbox.claim('default', FENCE, CLAIMED);
    took.push(performance.now() - began);
    if (claimed.length !== CLAIMED) throw new Error(`${claimed.length} were claimed`);
    await outbox.release(FENCE, claimed);
  }
  return median(took);
};

const measure = () =>
  withDataDir(async (dataDir) => {
    // Never linked: nobody else claims.
    const waypost = await Waypost.start(dataDir);
    const url = await databaseUrl(dataDir);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const ends = [];
    const prisma = new PrismaService({ url, poolMax: 2 }, { onDrain: (_phase, _name, end) => ends.push(end) });
    const outbox = new OutboxRepository(prisma);
    try {
      await client.query(`INSERT INTO session_lease (session_id, owner, fence, expires_at)
        VALUES ('default', 'bench', ${FENCE}, now() + interval '1 hour')
        ON CONFLICT (session_id) DO UPDATE SET owner = 'bench', fence = ${FENCE}, expires_at = now() + interval '1 hour'`);
      await fillBacklog(client, 1, SMALL);
      await measureClaims(outbox);
      const smallMs = await measureClaims(outbox);
      await fillBacklog(client, SMALL + 1, LARGE);
      await measureClaims(outbox);
      return { smallMs, largeMs: await measureClaims(outbox), small: SMALL, large: LARGE };
    } finally {
      for (const end of ends) await end();
      await client.end();
      await waypost.stop();
    }
  });

process.stdout.write(`${JSON.stringify(await measure())}\n`);
