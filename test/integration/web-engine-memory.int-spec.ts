import { globSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readSessionMemory } from '../../src/modules/engines/index.js';
import { BLOCKED_REQUESTS } from '../../src/modules/engines/web/blocked-requests.js';
import { sleep } from '../support/report-log.js';
import { runProgram } from '../support/program.js';
import { describeWithChromium, ME, WebEngineBench, WHOLE_CHROMIUM } from '../support/web-engine-bench.js';

const MIB = 1024 * 1024;

/** Nobody needs these: one for each way in which something is blocked. */
const BLOCKED = [
  'https://pps.whatsapp.net/v/t61.24694-24/1_n.jpg?ccb=11-4&oh=1',
  'https://pps.whatsapp.net/v/t61.24694-24/1_n',
  'https://media-gru1-1.cdn.whatsapp.net/v/t61.24694-24/1_n.jpg?stp=dst-jpg',
  'https://static.whatsapp.net/rsrc.php/v4/yz/r/a.png',
  'https://web.whatsapp.com/emoji/v1/15/1f600.webp?v=1',
  'https://static.whatsapp.net/rsrc.php/yK/r/font.woff2',
  'https://static.whatsapp.net/rsrc.php/yK/r/font.ttf?x=1',
  'https://crashlogs.whatsapp.net/wa_clb_data?access_token=1',
  'https://dit.whatsapp.net/deidentified_telemetry',
  'https://graph.whatsapp.com/wa_qpl_data',
];

/** Whoever blocks one of these breaks the page, or a message. */
const NEEDED = [
  'https://mmg.whatsapp.net/v/t62.7118-24/1_n.enc?ccb=11-4&oh=1&mms3=true',
  'https://media-gru1-1.cdn.whatsapp.net/v/t62.7118-24/picture.jpg.enc?name=a.png&of=1',
  'https://static.whatsapp.net/rsrc.php/v4/yz/r/program.js',
  'https://static.whatsapp.net/rsrc.php/v4/yz/r/style.css',
  'https://static.whatsapp.net/rsrc.php/v4/yz/r/voice.wasm',
  'https://static.whatsapp.net/rsrc.php/v4/yz/r/program.png.js?for=a.png',
  'https://web.whatsapp.com/sw.js',
  'https://graph.whatsapp.com/graphql',
];

/** Runs in the page: which of these addresses were not even asked for. */
const asks = (addresses: readonly string[]): string => `
  const blocked = [];
  for (const address of ${JSON.stringify(addresses)}) {
    await fetch(address, { mode: 'no-cors', cache: 'no-store' }).catch(() => blocked.push(address));
  }
  return blocked;`;

/** Runs in the page: whether what it shows of a file can still be decoded. */
const SHOWS_FILES = `
  const canvas = new OffscreenCanvas(2, 2);
  canvas.getContext('2d').fillRect(0, 0, 2, 2);
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  const data = await new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.readAsDataURL(blob);
  });
  const widths = [];
  for (const address of [URL.createObjectURL(blob), data]) {
    const image = new Image();
    image.src = address;
    await image.decode();
    widths.push(image.naturalWidth);
  }
  return widths;`;

describeWithChromium('what the browser of a session takes', () => {
  let bench: WebEngineBench;

  beforeAll(async () => {
    bench = await WebEngineBench.create();
  });
  afterEach(() => bench.reset());
  afterAll(() => bench.cleanUp());

  /** Runs a script in the page of ME and answers what it returns. */
  const evaluate = async (body: string): Promise<unknown> => {
    const js = `delete window.outcome; (async () => {${body}})().then(
      (value) => (window.outcome = JSON.stringify(value)), (error) => (window.outcome = JSON.stringify(String(error))))`;
    await bench.control.evaluate({ phone: ME, js });
    for (;;) {
      await bench.control.evaluate({ phone: ME, js: 'window.outcome' });
      await sleep(100);
      const outcome = (await bench.control.events({ type: 'note' })).at(-1)?.data;
      if (typeof outcome === 'string' && outcome.startsWith('[')) return JSON.parse(outcome) as unknown;
    }
  };

  const browserOf = (which: string): Promise<string> =>
    which === 'the whole browser'
      ? bench.makeBrowser('whole', bench.sim.tlsPort, WHOLE_CHROMIUM)
      : Promise.resolve(bench.executablePath);

  it.each(['the headless shell', 'the whole browser'])(
    'blocks what nobody needs, and nothing else: %s',
    async (which) => {
      await bench.openReady(bench.engine({}, await browserOf(which)));
      expect(await evaluate(asks([...BLOCKED, ...NEEDED]))).toEqual(BLOCKED);
    },
  );

  it('goes on blocking when the page was loaded anew, and shows the files of messages', async () => {
    const { log } = await bench.openReady(bench.engine());
    expect(await evaluate(SHOWS_FILES)).toEqual([2, 2]);
    await bench.control.evaluate({ phone: ME, js: 'window.isOld = true; setTimeout(() => location.reload(), 50)' });
    await sleep(1500);
    expect(await evaluate('return [window.isOld === true]')).toEqual([false]);
    expect(await evaluate(asks([...BLOCKED, ...NEEDED]))).toEqual(BLOCKED);
    expect(log.losses).toEqual([]);
  });

  it('says why for everything that is blocked', () => {
    for (const [reason, patterns] of Object.entries(BLOCKED_REQUESTS)) {
      expect(reason).toMatch(/^[A-Z].{20,}\.$/);
      expect(patterns.length).toBeGreaterThan(0);
    }
  });

  it('gives the browser an environment of its own, without anything that is secret', async () => {
    const secrets = {
      DATABASE_URL: 'postgres://u:never-1@h/d',
      JWT_SECRET: 'never-2',
      ENCRYPTION_KEY: 'never-3',
      AWS_X: 'never-4',
    };
    const before = { ...process.env };
    Object.assign(process.env, secrets);
    try {
      await bench.openReady(bench.engine());
    } finally {
      for (const name of Object.keys(secrets)) {
        if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = before[name];
      }
    }
    const helpers = bench.helpers('default');
    expect(helpers.length).toBeGreaterThan(1);
    const known =
      /^(PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|XDG_\w+|FONTCONFIG_\w+|LD_LIBRARY_PATH|PWD|OLDPWD|SHLVL|_)=/;
    // Set by the stand-in for the browser, and by Chromium for its own helpers.
    const ofTheTest = /^(WASIM_\w+|CHROME_\w+|GOOGLE_\w+|NO_AT_BRIDGE|SBX_\w+|GTK_\w+)=/;
    const browser = Math.min(...bench.browsers('default'));
    for (const { pid } of helpers) {
      const environment = readFileSync(`/proc/${String(pid)}/environ`, 'utf8')
        .split('\0')
        .filter(Boolean);
      expect(environment.join('\n')).not.toContain('never-');
      // Its helpers write their command line over theirs.
      if (pid === browser) expect(environment.filter((line) => !known.test(line) && !ofTheTest.test(line))).toEqual([]);
    }
  });

  it.each(['the headless shell', 'the whole browser'])(
    'Q6 leaves a profile of which nothing is open to others: %s',
    async (which) => {
      const { handle } = await bench.openReady(bench.engine({}, await browserOf(which)));
      await handle.close();
      const paths = globSync('**', { cwd: bench.profiles }).map((name) => join(bench.profiles, name));
      const open = paths.filter((path) => (lstatSync(path).mode & 0o077) !== 0 && !lstatSync(path).isSymbolicLink());
      expect(paths.length).toBeGreaterThan(20);
      expect(open).toEqual([]);
    },
  );

  it('tells the memory of each session by one command', async () => {
    const engine = bench.engine();
    await bench.openReady(engine, 'shop');
    await bench.openReady(engine, 'help_desk', '5511987654388');
    const read = readSessionMemory(bench.profiles);
    expect(read.map(({ sessionId }) => sessionId).sort()).toEqual(['help_desk', 'shop']);
    bench.helpers('shop');
    const helpers = bench.helpers('help_desk');
    expect(read.reduce((sum, { processes }) => sum + processes, 0)).toBe(helpers.length);
    for (const { processes, pssBytes } of read) {
      expect(processes).toBeGreaterThan(2);
      expect(pssBytes).toBeGreaterThan(20 * MIB);
      expect(pssBytes).toBeLessThan(500 * MIB);
    }
    const env = { NODE_ENV: 'test', DATA_DIR: bench.directory, WHATSAPP_SESSION_PATH: bench.profiles };
    const told = await runProgram({ script: 'dist/cli/sessions-memory.js', env });
    expect(told).toMatchObject({ code: 0, stderr: '' });
    expect(told.stdout).toMatch(/^shop +\d+ +\d+\.\d MiB$/m);
    expect(told.stdout).toMatch(/^all 2 +\d+ +\d+\.\d MiB$/m);
    const json = await runProgram({ script: 'dist/cli/sessions-memory.js', args: ['--json'], env });
    expect(JSON.parse(json.stdout)).toHaveLength(2);
  });
});
