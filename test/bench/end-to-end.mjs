/** From the request to READ on the sandbox, with the journal: everything that a message is in its life. */
import autocannon from 'autocannon';
import pg from 'pg';

import { databaseUrl, pause, Waypost, withDataDir } from './waypost.mjs';

const CONNECTIONS = 64;
const MESSAGES = 15_000;
const WARM_UP = 2_000;
const LOOK_MS = 100;
const DEADLINE_MS = 120_000;
/** Of each message: sent, delivered and read. */
const EVENTS = ['whatsapp.message_sent', 'whatsapp.message_ack'];

let next = 0;
const recipient = () => `+1202${String(5_560_000 + (next++ % 9_999))}`;

/** Sends so many and answers when the last of them was read. */
const live = async (waypost, client, amount) => {
  const since = (await client.query('SELECT coalesce(max(seq), 0) AS seq FROM message')).rows[0].seq;
  const began = performance.now();
  const result = await autocannon({
    url: `${waypost.url}/v1/messages`,
    ...{ method: 'POST', headers: waypost.headers, connections: CONNECTIONS, amount },
    requests: [
      { setupRequest: (request) => ({ ...request, body: JSON.stringify({ to: recipient(), text: 'Read me.' }) }) },
    ],
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refusals, ${result.errors} errors`);
  const acceptedMs = performance.now() - began;
  const read = `SELECT count(*)::int AS n FROM message WHERE seq > $1 AND status = 'READ'`;
  while ((await client.query(read, [since])).rows[0].n < amount) {
    if (performance.now() - began > DEADLINE_MS) throw new Error('not all of them were read in time');
    await pause(LOOK_MS);
  }
  return { seconds: (performance.now() - began) / 1000, acceptedSeconds: acceptedMs / 1000 };
};

const measure = () =>
  withDataDir(async (dataDir) => {
    const waypost = await Waypost.start(dataDir);
    const client = new pg.Client({ connectionString: await databaseUrl(dataDir) });
    await client.connect();
    try {
      await waypost.link();
      await live(waypost, client, WARM_UP);
      const events = `SELECT count(*)::int AS n FROM event WHERE name LIKE 'whatsapp.message%'`;
      const before = (await client.query(events)).rows[0].n;
      const { seconds, acceptedSeconds } = await live(waypost, client, MESSAGES);
      const told = (await client.query(events)).rows[0].n - before;
      if (told < EVENTS.length * MESSAGES) throw new Error(`only ${told} events for ${MESSAGES} messages`);
      return { perSecond: MESSAGES / seconds, acceptedPerSecond: MESSAGES / acceptedSeconds, events: told / MESSAGES };
    } finally {
      await client.end();
      await waypost.stop();
    }
  });

process.stdout.write(`${JSON.stringify(await measure())}\n`);
