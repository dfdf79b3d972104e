/** L1: no planted secret stands in the log of the test run. Names the secret and the line, never the value. */
import { existsSync, readFileSync } from 'node:fs';

import { findLeaks, type Secret, secretsFileOf } from './leak-probe.js';

const log = process.env['WAYPOST_TEST_LOG'] ?? '';
const secretsFile = secretsFileOf(log);

if (!existsSync(log) || !existsSync(secretsFile)) {
  process.stdout.write('The log was not scanned: no test of this run wrote one.\n');
} else {
  const text = readFileSync(log, 'utf8');
  const secrets = readFileSync(secretsFile, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Secret);
  const unique = [...new Map(secrets.map((secret) => [secret.value, secret])).values()];
  const leaks = findLeaks(text, unique);
  for (const { name, line } of leaks)
    process.stderr.write(`L1: a planted "${name}" stands in line ${String(line)} of ${log}\n`);
  const lines = text.split('\n').length - 1;
  process.stdout.write(
    `L1: ${String(lines)} log lines searched for ${String(unique.length)} planted secrets: ${String(leaks.length)} found.\n`,
  );
  process.exitCode = leaks.length > 0 ? 1 : 0;
}
