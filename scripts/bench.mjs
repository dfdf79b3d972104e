/** Measures the product beside limits measured in the same run: ratios count, absolute figures move with the machine. */
import { execFile } from 'node:child_process';
import { cpus } from 'node:os';
import { promisify } from 'node:util';

import { prepare } from './prepare.mjs';
import { inRoot, main, projectNode, say } from './project.mjs';

const run = promisify(execFile);
/** Ten million rows are written first. */
const TIMEOUT_MS = 1_800_000;

const whole = (number) => Math.round(number).toLocaleString('en');
const row = (what, figure, beside = '') => say(`  ${what.padEnd(44)} ${String(figure).padStart(16)}  ${beside}`);
const aim = (what, ratio, isMet, wish) =>
  row(`  ${what}`, ratio.toFixed(2), `aim: ${wish}${isMet ? '' : ' -- not reached'}`);

const measure = async (script) => {
  const { stdout } = await run(projectNode(), [inRoot('test', 'bench', script)], {
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
    timeout: TIMEOUT_MS,
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
  const ofEmpty = accept.perSecond / empty.perSecond;
  aim('of the empty route', ofEmpty, ofEmpty >= 0.5, 'at least 0.50');
  row('  of bare INSERTs', (accept.perSecond / inserts).toFixed(2));
  row('accepted to engine, median', `${engine.p50.toFixed(1)} ms`, `p99 ${engine.p99.toFixed(1)} ms`);
};

const showEndToEnd = ({ perSecond, acceptedPerSecond, events }) => {
  row('accepted meanwhile', `${whole(acceptedPerSecond)}/s`, 'while the first of them are sent (limit)');
  row('accepted, sent, read', `${whole(perSecond)}/s`, `${events.toFixed(0)} events in the journal each`);
  aim('of a thousand a second', perSecond / 1000, perSecond >= 1000, 'at least 1.00');
};

const showHistory = ({ small, large, rows, filledSeconds }) => {
  row('rows of the log', whole(rows), `written in ${whole(filledSeconds)} s`);
  for (const [name, perSecond] of Object.entries(small)) {
    row(`pages ${name}, at 10 thousand`, `${whole(perSecond)}/s`, `at ${whole(rows)}: ${whole(large[name])}/s`);
    aim('times as slow', perSecond / large[name], perSecond / large[name] <= 1.5, 'at most 1.50');
  }
};

const showClaim = ({ smallMs, largeMs, small, large }) => {
  row(
    `claim of 50 behind ${whole(small)}`,
    `${smallMs.toFixed(1)} ms`,
    `behind ${whole(large)}: ${largeMs.toFixed(1)} ms`,
  );
  aim('times as slow', largeMs / smallMs, largeMs / smallMs <= 1.5, 'at most 1.50');
};

const showWeb = ({ browser, mib, plain }) => {
  if (mib === undefined) return;
  const further = (mib.at(-1) - mib[0]) / (mib.length - 1);
  row('1, 3 and 5 web sessions (PSS of Chromium)', `${[mib[0], mib[2], mib[4]].join(', ')} MiB`, browser);
  row('a further one', `${further.toFixed(0)} MiB`);
  if (plain.length < 2) return;
  const limit = (plain.at(-1) - plain[0]) / (plain.length - 1);
  row(
    'a further plain client, full Chromium',
    `${limit.toFixed(0)} MiB`,
    'whatsapp-web.js by itself, same page (limit)',
  );
  aim('of a plain client', further / limit, further / limit <= 0.4, 'at most 0.40');
};

const BENCHES = {
  accept: ['accept.mjs', showAccept],
  'end-to-end': ['end-to-end.mjs', showEndToEnd],
  history: ['history.mjs', showHistory],
  claim: ['claim.mjs', showClaim],
  web: ['web-memory.mjs', showWeb],
};

await main(async () => {
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !(name in BENCHES));
  if (unknown.length > 0)
    throw new Error(`Unknown: ${unknown.join(', ')}. There are ${Object.keys(BENCHES).join(', ')}.`);
  await prepare();
  say(`\nOn ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}):`);
  for (const [name, [script, show]] of Object.entries(BENCHES)) {
    if (names.length > 0 && !names.includes(name)) continue;
    say(`\n${name}`);
    try {
      show(await measure(script));
    } catch (error) {
      const reason = String(error.stderr || error.message);
      row(name, 'not measured', reason.trim().split('\n').at(-1));
      process.exitCode = 1;
    }
  }
});
