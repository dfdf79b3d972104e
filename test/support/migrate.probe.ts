/** Migrates a database and prints what was applied. */
import { migrate } from '../../src/platform/prisma/migrator.js';

const [url = '', migrationsDir = '', schemaPath = ''] = process.argv.slice(2);

try {
  const log = { info: () => undefined, warn: () => undefined };
  const result = await migrate(url, { migrationsDir, schemaPath, log });
  process.stdout.write(`${JSON.stringify(result)}\n`);
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
