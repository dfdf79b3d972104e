/** Measures the product beside limits measured in the same run: ratios count, absolute figures move with the machine. */
import { execFile } from 'node:child_process';
import { cpus } from 'node:os';
import { promisify } from 'node:util';

import { prepare } from './prepare.mjs';
import { inRoot, main, projectNode, say } from './project.mjs';

const run = promisify(execFile);
const WEB_TIMEOUT_MS = 300_000;

const whole = (number) => Math.round(number).toLocaleString('en');
const row = (what, figure, beside = '') => say(`  ${what.padEnd(44)} ${String(figure).padStart(16)}  ${beside}`);

const measure = async (script) => {
  const { stdout } = await run(projectNode(), [inRoot('test', 'bench', script)], {
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
    timeout: WEB_TIMEOUT_MS,
    maxBuffer: 1 << 24,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1));
};

const showAccept = ({ coldMs, warmMs, empty, accept, inserts, engine }) => {
  row('process start to ready, first start', `${whole(coldMs)} ms`, 'with initdb and migrations');
  row('process start to ready, later starts', `${whole(warmMs)} ms`);
  row('empty authenticated route', `${whole(empty.perSecond)}/s`, `p99 ${empty.p99} ms (limit)`);
  row('bare INSERTs of the same rows', `${whole(inserts)}/s`, 'one statement each, 8 connections (limit)');
  row('accepted messages', `${whole(accept.perSecond)}/s`, `p50 ${accept.p50} ms, p99 ${accept.p99} ms`);
  row('  of the empty route', (accept.perSecond / empty.perSecond).toFixed(2), 'aim: at least 0.50');
  row('  of bare INSERTs', (accept.perSecond / inserts).toFixed(2));
  row('accepted to engine, median', `${engine.p50.toFixed(1)} ms`, `p99 ${engine.p99.toFixed(1)} ms`);
};

const showWeb = ({ browser, mib }) => {
  if (mib === undefined) return;
  row('one web session (PSS of Chromium)', `${mib[0]} MiB`, browser);
  row('three web sessions', `${mib[2]} MiB`, `each further one ${Math.round((mib[2] - mib[0]) / 2)} MiB`);
};

await main(async () => {
  await prepare();
  say(`\nOn ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}):\n`);
  showAccept(await measure('accept.mjs'));
  try {
    showWeb(await measure('web-memory.mjs'));
  } catch (error) {
    row(
      'web sessions',
      'not measured',
      String(error.stderr ?? error.message)
        .trim()
        .split('\n')
        .at(-1),
    );
  }
});
