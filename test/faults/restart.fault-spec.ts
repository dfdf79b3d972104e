import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventually } from '../support/eventually.js';
import { HttpClient } from '../support/http-client.js';
import { untilStatus } from '../support/linked-app.js';
import { processesIn } from '../support/processes.js';
import { freePort } from '../support/redis-server.js';
import { UNLIMITED } from '../support/unlimited.js';
import { describeWithChromium } from '../support/web-engine-bench.js';
import { Installation } from './crash/installation.js';
import { Load } from './crash/load.js';
import { Random } from './crash/random.js';
import { type Ending, RestartLane } from './restart/restart-lane.js';

const ROUNDS: readonly (readonly [Ending, number])[] = [
  ['SIGTERM', 1],
  ['SIGKILL', 1],
  ['SIGKILL', 2],
  ['SIGTERM', 2],
];

describe('a restart in the middle of sending', () => {
  let lane: RestartLane;

  beforeAll(async () => {
    lane = await RestartLane.open('sandbox');
  }, 60_000);

  afterAll(() => lane.close());

  it.each(ROUNDS)(
    'F1 F4 F12 %s, round %d: no new QR, nothing lost, nothing twice, nothing left over',
    async (ending, round) => {
      expect((await lane.run(ending, round)).violations).toEqual([]);
    },
    90_000,
  );

  it('F12 nothing is left over in the end', async () => {
    expect(await lane.stop()).toEqual([]);
  }, 60_000);
});

describeWithChromium('a restart in the middle of sending, on WhatsApp Web', () => {
  it('F4 F12 SIGTERM and SIGKILL: no new QR, nothing lost, nothing twice, no Chromium left over', async () => {
    const lane = await RestartLane.open('web');
    try {
      expect((await lane.run('SIGTERM', 1)).violations).toEqual([]);
      expect((await lane.run('SIGKILL', 2)).violations).toEqual([]);
      expect(await lane.stop()).toEqual([]);
    } finally {
      await lane.close();
    }
  }, 180_000);
});

describe('SIGTERM', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.open();
  });

  afterAll(() => installation.close());

  it('F4 finishes what is in flight and gives back the rest, also when a send takes its time', async () => {
    const { server, client } = await installation.serve();
    await client.post('/v1/sandbox/default/behaviour', { sendDelayMs: 1500 });
    const load = new Load(new Random(4), {
      ...{ name: 'F4', policies: ['hold'], recipients: ['+12025550101', '+12025550110'] },
      ...{ maxMessages: 30, mayBeRefused: true },
    });
    const sending = load.runUntil(server.exited, client);
    await eventually(() => load.acknowledged.length >= 20);
    server.signal('SIGTERM');
    expect(await server.exited).toEqual({ code: 0, signal: null });
    await sending;
    await installation.forget();
    await installation.withDatabase(async (query) => {
      const rows = await query<{ status: string }>('SELECT DISTINCT status FROM message');
      const statuses = rows.map(({ status }) => status);
      expect(statuses).toContain('QUEUED');
      expect(statuses).not.toContain('SENDING');
      expect(statuses).not.toContain('UNCERTAIN');
      const ended = await query('SELECT 1 FROM session_lease WHERE expires_at > now()');
      expect(ended).toEqual([]);
      expect(await query('SELECT status FROM session')).toEqual([{ status: 'DISCONNECTED' }]);
    });
  }, 60_000);

  it('F4 a second one ends the process at once', async () => {
    const { server, client } = await installation.serve();
    await client.post('/v1/sandbox/default/behaviour', { sendDelayMs: 30_000 });
    await client.post('/v1/messages', { to: '+5511987650009', text: 'takes its time' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    server.signal('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 800));
    const began = performance.now();
    server.signal('SIGTERM');
    expect((await server.exited).code).toBe(1);
    expect(performance.now() - began).toBeLessThan(1000);
    await installation.forget();
  }, 60_000);
});

/** Processes that were told of this directory, by their environment or their arguments. */
const processesFor = (dir: string): readonly number[] => {
  const told = readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'utf8').includes(dir);
    } catch {
      return false;
    }
  });
  return [...new Set([...told.map(Number), ...processesIn(dir).map(({ pid }) => pid)])];
};

describe('npm start', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'waypost-npm-'));
  const credentials = { email: 'admin@example.org', password: 'a plain long passphrase' };

  afterAll(() => {
    rmSync(dataDir, { recursive: true, force: true });
  });

  const start = async (): Promise<{ npm: ChildProcess; ended: Promise<unknown>; admin: HttpClient }> => {
    const port = await freePort();
    const npm = spawn('npm', ['start'], {
      env: {
        ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], PORT: String(port), DATA_DIR: dataDir },
        ...{ ADMIN_EMAIL: credentials.email, ADMIN_PASSWORD: credentials.password },
        ...{ LOG_LEVEL: 'error', WHATSAPP_DEFAULT_ENGINE: 'sandbox' },
        ...UNLIMITED,
      },
      // A process group of its own, as a terminal gives it.
      detached: true,
      stdio: 'ignore',
    });
    const ended = once(npm, 'exit');
    const client = new HttpClient(`http://127.0.0.1:${String(port)}`);
    const answer = await eventually(async () => {
      const login = await client.post<{ accessToken: string }>('/v1/auth/login', credentials).catch(() => null);
      return login?.status === 200 ? login : null;
    }, 120_000);
    return { npm, ended, admin: client.withToken(answer.body.accessToken) };
  };

  it.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)(
    'F12 %s to its process group: nothing is left over, and it comes back without a QR',
    async (signal) => {
      const { npm, ended, admin } = await start();
      const qr = await admin.get('/whatsapp/admin/qr-code');
      if (signal === 'SIGTERM') await admin.post('/v1/sandbox/default/scan');
      else expect(qr.status).toBe(409);
      await untilStatus(admin, 'READY');
      const sent = await Promise.all(
        Array.from({ length: 20 }, (_, n) => admin.post('/v1/messages', { to: '+12025550101', text: String(n) })),
      );
      expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([202]));
      process.kill(-(npm.pid ?? 0), signal);
      await ended;
      await eventually(() => processesFor(dataDir).length === 0, 30_000);
    },
    180_000,
  );
});
