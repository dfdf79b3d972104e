import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgres } from '../../src/platform/embedded-postgres/embedded-postgres.js';
import { loadCredentials, SUPERUSER, urlOf } from '../../src/platform/embedded-postgres/postgres-credentials.js';
import { isRunning } from '../../src/platform/embedded-postgres/process-table.js';
import { migrate } from '../../src/platform/prisma/migrator.js';
import { type TestServer } from './test-postgres.js';

const [dir = '', run = ''] = process.argv.slice(2);

const write = (name: string, text: string): void => {
  writeFileSync(join(dir, `${name}.new`), text, { mode: 0o600 });
  renameSync(join(dir, `${name}.new`), join(dir, name));
};

try {
  const dataDir = join(dir, 'data');
  const postgres = await EmbeddedPostgres.start({ dataDir, log: console });
  await migrate(postgres.ownerUrl, {
    migrationsDir: 'prisma/migrations',
    schemaPath: 'prisma/schema.prisma',
    log: console,
  });
  const superuser = new URL(urlOf(SUPERUSER, Number(new URL(postgres.url).port), loadCredentials(dataDir, true)));
  superuser.pathname = 'postgres';
  const server: TestServer = {
    superuserUrl: superuser.href,
    ownerUrl: postgres.ownerUrl,
    url: postgres.url,
  };
  write('ready.json', JSON.stringify(server));
  while (isRunning(Number(run))) await sleep(250);
  await postgres.stop();
  rmSync(dir, { recursive: true, force: true });
} catch (error) {
  write('failed', error instanceof Error ? error.message : String(error));
  while (isRunning(Number(run))) await sleep(250);
  rmSync(dir, { recursive: true, force: true });
}
