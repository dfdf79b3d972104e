/**
 * What each flag of Chromium saves: the product's engine with and without it, on the simulated page, PSS of a first
 * and of a further session. `node test/bench/web-flags.mjs [shell|whole] [repeats] [name of a variant …]` (Linux)
 */
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { WebEngine } from '../../dist/modules/engines/web/web.engine.js';
import { SimControl, startSim } from '../wa-web-sim/index.ts';

const SETTLE_MS = 4000;
const READY_DEADLINE_MS = 30_000;
const BROWSERS = { shell: '/usr/lib/chromium/chromium-headless-shell', whole: '/usr/lib/chromium/chromium' };

/** By name: what is taken away from the engine's own flags, and what is added. */
const VARIANTS = {
  'as it is': {},
  'in-process-gpu': { more: ['--in-process-gpu'] },
  'without disable-software-rasterizer': { less: ['--disable-software-rasterizer'] },
  'without renderer-process-limit': { less: ['--renderer-process-limit=1'] },
  'disable-gpu': { more: ['--disable-gpu'] },
  'with the windows of the address bar': { lessFeatures: ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'] },
  'no unsandboxed zygote': { more: ['--no-unsandboxed-zygote'] },
  'no GL at all': { more: ['--use-gl=disabled'] },
  'one raster thread': { more: ['--num-raster-threads=1'] },
  'no compositing by GPU': { more: ['--disable-gpu-compositing'] },
  'disable-remote-fonts': { more: ['--disable-remote-fonts'] },
  'images off': { more: ['--blink-settings=imagesEnabled=false'] },
  'low-end device': { more: ['--enable-low-end-device-mode'] },
  'small window': { more: ['--window-size=640,480'] },
  'no spare renderer': { features: ['SpareRendererForSitePerProcess'] },
  'no crash reporter': { more: ['--disable-crash-reporter', '--disable-breakpad'] },
  'no site isolation': { more: ['--disable-site-isolation-trials'], features: ['IsolateOrigins', 'site-per-process'] },
  'network in the browser': { enable: ['NetworkServiceInProcess2'] },
  'storage in the browser': { features: ['StorageServiceOutOfProcess'] },
  'no services of its own': {
    features: ['OptimizationHints', 'OptimizationGuideModelDownloading', 'MediaRouter', 'SegmentationPlatform'],
  },
  'small cache': { more: ['--disk-cache-size=1048576', '--media-cache-size=1048576'] },
  'small young generation': { more: ['--js-flags=--max-semi-space-size=1'] },
  'optimize for size': { more: ['--js-flags=--optimize-for-size'] },
  'small heap': { more: ['--js-flags=--optimize-for-size --max-semi-space-size=1'] },
  'no jit': { more: ['--js-flags=--jitless'] },
  'one process': { more: ['--single-process'] },
};

/** Like bin/chromium-sim, but with no flag of its own that could hide what another one saves. */
const wrapper = (browser, port, { less = [], lessFeatures = [], more = [], features = [], enable = [] }) => `#!/bin/bash
args=() disabled=LocalNetworkAccessChecks,HttpsUpgrades${features.map((name) => `,${name}`).join('')}
enabled=${enable.join(',')}
for argument in "$@"; do
  case "$argument" in
    --disable-features=*) disabled="$disabled,\${argument#*=}" ;;
    --enable-features=*) enabled="\${enabled:+$enabled,}\${argument#*=}" ;;
    --host-resolver-rules=*) ;;
${less.map((flag) => `    ${flag}) ;;\n`).join('')}    *) args+=("$argument") ;;
  esac
done
${lessFeatures.map((name) => `disabled=\${disabled//,${name}/}\n`).join('')}to=127.0.0.1:${port}
exec ${browser} --no-sandbox --ignore-certificate-errors ${browser.endsWith('shell') ? '' : '--headless'} \\
  "--host-resolver-rules=MAP *.whatsapp.com $to,MAP *.whatsapp.net $to,MAP * ~NOTFOUND,EXCLUDE 127.0.0.1" \\
  "\${args[@]}" ${more.map((flag) => `'${flag}'`).join(' ')} "--disable-features=$disabled" "--enable-features=$enabled"
`;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const proc = (pid, file) => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
};

/** The processes below this one, each with its kind and its PSS in MiB. */
const browserProcesses = () => {
  const parents = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const stat = proc(pid, 'stat');
    parents.set(Number(pid), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isOurs = (pid) => {
    for (let at = parents.get(pid); at !== undefined; at = parents.get(at)) if (at === process.pid) return true;
    return false;
  };
  return [...parents.keys()].filter(isOurs).map((pid) => {
    const command = proc(pid, 'cmdline');
    const kind = /--utility-sub-type=(\w+)/.exec(command)?.[1] ?? /--type=([\w-]+)/.exec(command)?.[1] ?? 'browser';
    const rollup = proc(pid, 'smaps_rollup');
    const of = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0) / 1024;
    return { kind, mib: of('Pss'), ownMib: of('Pss_Anon') + of('Pss_Shmem') };
  });
};

/** Pages of files are shared with every other Chromium on the machine, and come and go with it: `own` leaves them out. */
const total = () => {
  const processes = browserProcesses();
  const sum = (field) => processes.reduce((all, process) => all + process[field], 0);
  return { all: sum('mib'), own: sum('ownMib'), processes };
};

const openLinked = async (engine, control, place) => {
  let isReady = false;
  const codes = [];
  const nothing = () => Promise.resolve();
  const handle = await engine.open(
    { sessionId: `flags-${place}`, proxy: null, signal: AbortSignal.timeout(READY_DEADLINE_MS) },
    {
      qr: (text) => codes.push(text),
      authenticated: () => undefined,
      ready: () => (isReady = true),
      lost: () => undefined,
      received: nothing,
      acked: nothing,
      changed: nothing,
      caughtUp: nothing,
    },
  );
  const deadline = performance.now() + READY_DEADLINE_MS;
  while (codes.length === 0) await pause(20);
  await control.scan({ phone: `55119876543${10 + place}`, qr: codes.at(-1) });
  while (!isReady) {
    if (performance.now() > deadline) throw new Error('did not become ready');
    await pause(20);
  }
  return handle;
};

const measure = async (browser, sim, variant) => {
  const directory = await mkdtemp(join(tmpdir(), 'waypost-flags-'));
  const executablePath = join(directory, 'chromium');
  await writeFile(executablePath, wrapper(browser, sim.tlsPort, variant));
  await chmod(executablePath, 0o755);
  const control = new SimControl(sim.control);
  const storage = { dataDir: directory, sessionPath: join(directory, 'profiles') };
  const engine = new WebEngine({ executablePath, extraArgs: [], useSandbox: false }, storage);
  const handles = [];
  try {
    handles.push(await openLinked(engine, control, 0));
    await pause(SETTLE_MS);
    const first = total();
    handles.push(await openLinked(engine, control, 1));
    await pause(SETTLE_MS);
    const both = total();
    return { first, further: { all: both.all - first.all, own: both.own - first.own } };
  } catch (error) {
    return { fault: String(error.message).split('\n')[0] };
  } finally {
    await Promise.all(handles.map((handle) => handle.close()));
    await control.reset({ all: true });
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
};

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
const mib = (number) => number.toFixed(1);

const show = (name, trials) => {
  const good = trials.filter(({ fault }) => fault === undefined);
  const further = good.map((trial) => trial.further);
  const own = further.map((trial) => trial.own);
  const processes = (good[0]?.first.processes ?? []).map(({ kind, ownMib }) => `${kind} ${ownMib.toFixed(0)}`);
  const fault = trials.find((trial) => trial.fault !== undefined)?.fault;
  process.stdout.write(
    `${name}: first ${mib(median(good.map(({ first }) => first.all)))}, further ${mib(median(further.map(({ all }) => all)))}, ` +
      `its own ${mib(median(own))} (${mib(Math.min(...own))} to ${mib(Math.max(...own))}); ` +
      `${processes.join(', ')}${fault === undefined ? '' : `; FAILED: ${fault}`}\n`,
  );
};

const [which = 'shell', repeats = '5', ...names] = process.argv.slice(2);
const chosen = names.length > 0 ? ['as it is', ...names] : Object.keys(VARIANTS);
const results = new Map(chosen.map((name) => [name, []]));
const sim = await startSim({ tlsPort: 0, controlPort: 0, config: {} });
// Round by round, so that a busy minute of the machine meets every variant.
for (let round = 0; round < Number(repeats); round += 1) {
  for (const name of chosen) results.get(name).push(await measure(BROWSERS[which], sim, VARIANTS[name]));
}
for (const [name, trials] of results) show(name, trials);
await sim.close();
process.exit(0);
