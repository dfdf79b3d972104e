/** Prepares the checkout and runs every test on the project's own Node.js; arguments go on to Jest. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare } from './prepare.mjs';
import { inRoot, main, projectNode, say } from './project.mjs';

const WORKERS = 2;

const run = (command, env) =>
  new Promise((resolve, reject) => {
    const child = spawn(projectNode(), command, {
      cwd: inRoot(),
      env: { ...process.env, NODE_ENV: 'test', ...env },
      stdio: 'inherit',
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });

const jest = (args, log) =>
  run([inRoot('node_modules/jest/bin/jest.js'), '--passWithNoTests', `--maxWorkers=${WORKERS}`, ...args], {
    // Nest and most libraries are ES modules, which Jest loads through this part of Node.js.
    NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
    WAYPOST_TEST_LOG: log,
  });

/** L1: what the tests planted must not stand in what the servers under test have logged. */
const scanLog = (log) =>
  run(['--import', inRoot('test/support/ts-loader.mjs'), inRoot('test/support/scan-test-log.main.ts')], {
    WAYPOST_TEST_LOG: log,
  });

await main(async () => {
  const args = process.argv.slice(2);
  await prepare();
  // One kind after the other: the cheap ones fail first, and the browsers of the last ones have the machine alone.
  const { default: config } = await import('../jest.config.mjs');
  const isChosen = args.some((arg) => /^--(selectProjects|projects|listTests|showConfig)/.test(arg));
  const kinds = isChosen ? [[]] : config.projects.map(({ displayName }) => ['--selectProjects', displayName]);
  const failed = [];
  const directory = mkdtempSync(join(tmpdir(), 'waypost-log-'));
  const log = process.env.WAYPOST_TEST_LOG ?? join(directory, 'test.log');
  for (const kind of kinds) {
    if ((await jest([...args, ...kind], log)) !== 0) failed.push(kind[1] ?? 'the chosen tests');
  }
  if ((await scanLog(log)) !== 0) failed.push('the search for secrets in the log');
  else rmSync(directory, { recursive: true, force: true });
  if (failed.length > 0) say(`\nFailed: ${failed.join(', ')}.`);
  process.exitCode = failed.length > 0 ? 1 : 0;
});
