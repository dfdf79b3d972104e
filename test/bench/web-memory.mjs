/** Memory of web sessions: the product's engine in real Chromium on the simulated page, in a process of its own. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import whatsapp from 'whatsapp-web.js';

import { WebEngine } from '../../dist/modules/engines/web/web.engine.js';
import { CHROMIUM_SIM, findChromium, SimControl, startSim } from '../wa-web-sim/index.ts';

const SESSIONS = 5;
const PLAIN_CLIENTS = 3;
const FULL_CHROMIUM = '/usr/bin/chromium';
const HEADLESS_SHELL = '/usr/lib/chromium/chromium-headless-shell';
const SETTLE_MS = 6000;
const READY_DEADLINE_MS = 60_000;

/** PSS in MiB of the Chromium processes under this one: shared pages are counted once, whoever shares them. */
const chromiumMiB = () => {
  const parents = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      parents.set(Number(pid), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended while we looked.
    }
  }
  const isOurs = (pid) => {
    for (let at = parents.get(pid); at !== undefined; at = parents.get(at)) if (at === process.pid) return true;
    return false;
  };
  let kilobytes = 0;
  for (const pid of [...parents.keys()].filter(isOurs)) {
    try {
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      // It ended while we looked.
    }
  }
  return Math.round(kilobytes / 1024);
};

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Opens a session and links it. */
const openLinked = async (engine, control, place) => {
  const phone = `55119876543${String(10 + place)}`;
  let isReady = false;
  const codes = [];
  const handle = await engine.open(
    { sessionId: `bench-${place}`, proxy: null, signal: new AbortController().signal },
    {
      qr: (text) => codes.push(text),
      authenticated: () => undefined,
      ready: () => (isReady = true),
      lost: ({ reason }) => process.stderr.write(`session ${place} was lost: ${reason}\n`),
      received: () => Promise.resolve(),
      acked: () => Promise.resolve(),
      changed: () => Promise.resolve(),
      caughtUp: () => Promise.resolve(),
    },
  );
  const deadline = performance.now() + READY_DEADLINE_MS;
  while (codes.length === 0) await pause(20);
  await control.scan({ phone, qr: codes.at(-1) });
  while (!isReady) {
    if (performance.now() > deadline) throw new Error(`session ${place} did not become ready`);
    await pause(20);
  }
  return handle;
};

/** A client as a program has it that uses the library by itself: its own defaults, a browser of its own. */
const openPlain = async ({ control, tlsPort, directory, place }) => {
  const client = new whatsapp.Client({
    authStrategy: new whatsapp.LocalAuth({ clientId: `plain-${place}`, dataPath: join(directory, 'plain') }),
    webVersionCache: { type: 'none' },
    puppeteer: {
      executablePath: CHROMIUM_SIM,
      headless: true,
      args: ['--no-sandbox', `--wasim-tls-port=${tlsPort}`, `--wasim-chromium=${FULL_CHROMIUM}`],
    },
  });
  const isReady = new Promise((resolve) => client.once('ready', resolve));
  client.once('qr', (qr) => void control.scan({ phone: `55119876544${String(10 + place)}`, qr }));
  await client.initialize();
  await isReady;
  return client;
};

const measureOurs = async ({ control, tlsPort, directory }) => {
  // The product takes the headless shell where there is one.
  const browser = process.env.WASIM_CHROMIUM ?? (existsSync(HEADLESS_SHELL) ? HEADLESS_SHELL : (findChromium() ?? ''));
  const engine = new WebEngine(
    {
      executablePath: CHROMIUM_SIM,
      extraArgs: [`--wasim-tls-port=${tlsPort}`, `--wasim-chromium=${browser}`],
      useSandbox: false,
    },
    { dataDir: directory, sessionPath: join(directory, 'profiles') },
  );
  const handles = [];
  const mib = [];
  try {
    for (let place = 0; place < SESSIONS; place += 1) {
      handles.push(await openLinked(engine, control, place));
      await pause(SETTLE_MS);
      mib.push(chromiumMiB());
    }
  } finally {
    await Promise.all(handles.map((handle) => handle.close()));
  }
  return { browser, mib };
};

const measurePlain = async (bench) => {
  if (!existsSync(FULL_CHROMIUM)) return [];
  const clients = [];
  const mib = [];
  try {
    for (let place = 0; place < PLAIN_CLIENTS; place += 1) {
      clients.push(await openPlain({ ...bench, place }));
      await pause(SETTLE_MS);
      mib.push(chromiumMiB());
    }
  } finally {
    await Promise.all(clients.map((client) => client.destroy()));
  }
  return mib;
};

const directory = await mkdtemp(join(tmpdir(), 'waypost-bench-web-'));
const sim = await startSim({ tlsPort: 0, controlPort: 0, config: {} });
const bench = { control: new SimControl(sim.control), tlsPort: sim.tlsPort, directory };
try {
  const { browser, mib } = await measureOurs(bench);
  const plain = await measurePlain(bench);
  process.stdout.write(`${JSON.stringify({ browser, mib, plain })}\n`);
} finally {
  await sim.close();
  await rm(directory, { recursive: true, force: true });
}
process.exit(0);
