import autocannon from 'autocannon';
import pg from 'pg';

import { databaseUrl, pause, Waypost, withDataDir } from './waypost.mjs';

const CONNECTIONS = 64;
const SECONDS = 6;
const WARM_UP_SECONDS = 3;
const INSERT_CLIENTS = 8;
const LATENCY_MESSAGES = 300;

const load = async (waypost, options, duration = SECONDS) => {
  const result = await autocannon({ connections: CONNECTIONS, duration, headers: waypost.headers, ...options });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refusals, ${result.errors} errors`);
  return { perSecond: result.requests.average, p50: result.latency.p50, p99: result.latency.p99 };
};

let next = 0;
/** Numbers of which each is a valid one, so that no recipient holds up another. */
const recipient = () => `+1202${String(5_560_000 + (next++ % 9_999))}`;

const emptyRoute = (waypost) => ({ url: `${waypost.url}/bench/empty` });
const acceptRoute = (waypost) => ({
  url: `${waypost.url}/v1/messages`,
  method: 'POST',
  requests: [
    {
      setupRequest: (request) => ({ ...request, body: JSON.stringify({ to: recipient(), text: 'A short message.' }) }),
    },
  ],
});

/** INSERTs of the same two rows that an accepted message is, one statement each, as fast as PostgreSQL takes them. */
const bareInserts = async (connectionString) => {
  const pool = new pg.Pool({ connectionString, max: INSERT_CLIENTS });
  let stored = 0;
  const until = performance.now() + SECONDS * 1000;
  const work = async (_client, place) => {
    for (let i = 0; performance.now() < until; i += 1, stored += 1) {
      await pool.query({
        name: 'bare',
        text: `WITH m AS (INSERT INTO message (id, session_id, direction, type, status, recipient, text, request_id,
            actor_kind, actor_id) VALUES ($1, 'bare', 'OUTBOUND', 'text', 'CANCELLED', $2, $3, $4, 'user', 'bench'))
          INSERT INTO message_timeline (message_id, status, by) VALUES ($1, 'QUEUED', 'bench')`,
        values: [`msg_bare_${place}_${i}`, recipient(), 'A short message.', '0c5a0b8e-0000-4000-8000-000000000000'],
      });
    }
  };
  try {
    await Promise.all(Array.from({ length: INSERT_CLIENTS }, work));
    return stored / SECONDS;
  } finally {
    await pool.end();
  }
};

/** Milliseconds from the row being stored to the try that is written down before the engine is called. */
const acceptToEngine = async (waypost, client) => {
  const since = new Date();
  for (let i = 0; i < LATENCY_MESSAGES; i += 1) {
    await waypost.call('POST', '/v1/messages', { to: recipient(), text: 'How long until the engine?' });
    await pause(5);
  }
  await pause(1000);
  const { rows } = await client.query(
    `SELECT percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (ORDER BY
        extract(epoch FROM attempt.started_at - message.created_at) * 1000) AS p
     FROM message JOIN message_attempt AS attempt ON attempt.message_id = message.id WHERE message.created_at >= $1`,
    [since],
  );
  const [p50, p99] = rows[0].p;
  return { p50, p99 };
};

const measure = () =>
  withDataDir(async (dataDir) => {
    const cold = await Waypost.start(dataDir);
    await cold.stop();
    const waypost = await Waypost.start(dataDir);
    const connectionString = await databaseUrl(dataDir);
    const pool = new pg.Pool({ connectionString, max: 1 });
    try {
      await load(waypost, emptyRoute(waypost), WARM_UP_SECONDS);
      await load(waypost, acceptRoute(waypost), WARM_UP_SECONDS);
      const empty = await load(waypost, emptyRoute(waypost));
      const accept = await load(waypost, acceptRoute(waypost));
      const inserts = await bareInserts(connectionString);
      await waypost.link();
      await pool.query(`UPDATE message SET status = 'CANCELLED' WHERE status = 'QUEUED'`);
      const engine = await acceptToEngine(waypost, pool);
      return { coldMs: cold.readyMs, warmMs: waypost.readyMs, empty, accept, inserts, engine };
    } finally {
      await pool.end();
      await waypost.stop();
    }
  });

process.stdout.write(`${JSON.stringify(await measure())}\n`);
