/** Fills the table of messages with as many rows as a gateway has after years, by statements over sets. */

const PER_STATEMENT = 1_000_000;

/** Indexes are built anew behind the rows: adding to each of them row by row takes many times as long. */
const withoutIndexes = async (client, work) => {
  const { rows } = await client.query(`
    SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
    WHERE indrelid = 'message'::regclass AND NOT indisprimary
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)`);
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
  await work();
  await client.query(`SET maintenance_work_mem = '512MB'; SET max_parallel_maintenance_workers = 2`);
  for (const { definition } of rows) await client.query(definition);
};

/** A log of several sessions, contacts, kinds and results, one message a second back from now. */
const LOG = `
  INSERT INTO message (id, session_id, direction, type, status, sender, recipient, text, created_at, sent_at)
  SELECT 'msg_log_' || n, CASE WHEN n % 10 < 6 THEN 'default' ELSE 'log-' || n % 10 END,
    CASE WHEN n % 3 = 0 THEN 'INBOUND' ELSE 'OUTBOUND' END, CASE WHEN n % 17 = 0 THEN 'image' ELSE 'text' END,
    CASE WHEN n % 3 = 0 THEN 'RECEIVED' WHEN n % 50 = 1 THEN 'FAILED' WHEN n % 5 = 1 THEN 'DELIVERED' ELSE 'READ' END,
    '+1202555' || lpad((n % 60)::text, 4, '0'), '+1202556' || lpad((n % 60)::text, 4, '0'),
    'Message number ' || n, now() - n * interval '1 second', now() - n * interval '1 second'
  FROM generate_series($1::bigint, $2::bigint) AS n`;

/** A backlog: five messages to each recipient. */
const BACKLOG = `
  INSERT INTO message (id, session_id, direction, type, status, recipient, text, priority)
  SELECT 'msg_due_' || n, 'default', 'OUTBOUND', 'text', 'QUEUED', '+1202' || lpad((5000000 + n / 5)::text, 7, '0'),
    'Message number ' || n, CASE WHEN n % 100 = 0 THEN 5 ELSE 0 END
  FROM generate_series($1::bigint, $2::bigint) AS n`;

const fill = async (client, statement, from, to) => {
  const work = async () => {
    for (let first = from; first <= to; first += PER_STATEMENT) {
      await client.query(statement, [first, Math.min(to, first + PER_STATEMENT - 1)]);
    }
  };
  if (to - from < PER_STATEMENT / 10) await work();
  else await withoutIndexes(client, work);
  await client.query('VACUUM ANALYZE message');
};

export const fillLog = (client, from, to) => fill(client, LOG, from, to);
export const fillBacklog = (client, from, to) => fill(client, BACKLOG, from, to);
