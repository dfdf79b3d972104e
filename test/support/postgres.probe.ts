/** Starts the PostgreSQL of a data directory, says where it is, and stops it on SIGTERM. */
import pg from 'pg';
import { EmbeddedPostgres } from '../../src/platform/embedded-postgres/embedded-postgres.js';

const [dataDir = ''] = process.argv.slice(2);

process.stdout.write('starting\n');
try {
  const postgres = await EmbeddedPostgres.start({ dataDir, log: { info: () => undefined, warn: () => undefined } });
  const alive = setInterval(() => undefined, 1000);
  process.once('SIGTERM', () => {
    void (async () => {
      // What a drain does: the database must still answer after the signal came to the whole process group.
      const client = new pg.Client({ connectionString: postgres.url });
      await client.connect();
      const { rows } = await client.query<{ one: number }>('SELECT 1 AS one');
      await client.end();
      process.stdout.write(`drained ${String(rows[0]?.one)}\n`);
      await postgres.stop();
      clearInterval(alive);
    })();
  });
  process.stdout.write(`${JSON.stringify({ url: postgres.url, ownerUrl: postgres.ownerUrl })}\n`);
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
