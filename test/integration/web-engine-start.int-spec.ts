import { stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { EngineUnavailableError } from '../../src/modules/engines/engine.errors.js';
import type { EngineHandle } from '../../src/modules/engines/engine.port.js';
import { WebEngine } from '../../src/modules/engines/web/web.engine.js';
import { ReportLog, sleep, until } from '../support/report-log.js';
import { describeWithChromium, ME, WebEngineBench, WHOLE_CHROMIUM } from '../support/web-engine-bench.js';

describeWithChromium('the start of a web session', () => {
  let bench: WebEngineBench;

  beforeAll(async () => {
    bench = await WebEngineBench.create();
  });
  afterEach(() => bench.reset());
  afterAll(() => bench.cleanUp());

  const open = (engine: WebEngine, signal: AbortSignal): Promise<EngineHandle> =>
    engine.open({ sessionId: 'default', proxy: null, signal }, new ReportLog());

  it('P1: becomes ready when WhatsApp has synced before the library listens', async () => {
    await bench.control.config({ syncDelayMs: 0, syncSteps: 1, openingMs: 0 });
    const engine = bench.engine();
    await (await bench.openReady(engine)).handle.close();
    for (let start = 0; start < 3; start += 1) {
      const { handle, log } = await bench.openReady(engine);
      await sleep(150);
      expect(log.names).toEqual(['authenticated', 'ready']);
      await handle.close();
    }
  });

  it.each([{ stuck: 'opening-nosocket' }, { stallLoad: true }] as const)(
    'P2: gives up a start that never ends (%j) and leaves nothing running',
    async (fault) => {
      await bench.control.config(fault);
      const startedAt = performance.now();
      await expect(open(bench.engine(), AbortSignal.timeout(1200))).rejects.toThrow();
      await expect(open(bench.engine({ openMs: 1000 }), new AbortController().signal)).rejects.toThrow('took longer');
      expect(performance.now() - startedAt).toBeLessThan(9_000);
      expect(bench.browsers()).toEqual([]);
    },
  );

  it.each([{ stuck: 'nodebug' }, { httpStatus: 503 }] as const)(
    'P3: ends the browser of a failed start (%j), so that the next one works',
    async (fault) => {
      await bench.control.config(fault);
      const engine = bench.engine({ programMs: 600 });
      const opening = open(engine, new AbortController().signal);
      await expect(opening).rejects.toBeInstanceOf(Error);
      await expect(opening).rejects.toThrow('has not loaded its program in time');
      expect(bench.browsers()).toEqual([]);
      await bench.control.resetConfig();
      await bench.openReady(engine);
    },
  );

  it('P3: says in one sentence that WhatsApp cannot be reached', async () => {
    const engine = bench.engine({}, await bench.makeBrowser('offline', 1, ''));
    await expect(open(engine, new AbortController().signal)).rejects.toThrow(/^WhatsApp Web cannot be reached/);
    expect(bench.browsers()).toEqual([]);
  });

  it('P11: stops a start at whatever moment it is told to', async () => {
    const engine = bench.engine();
    for (const afterMs of [0, 40, 120, 250, 400]) {
      const controller = new AbortController();
      const opening = open(engine, controller.signal).then((handle) => handle.close());
      opening.catch(() => undefined);
      await sleep(afterMs);
      controller.abort(new Error('not wanted any more'));
      await opening.catch(() => undefined);
      expect(bench.browsers()).toEqual([]);
    }
    await bench.openReady(engine);
  });

  it('P14: starts on a profile whose lock another host has left', async () => {
    const engine = bench.engine({}, await bench.makeBrowser('whole', bench.sim.tlsPort, WHOLE_CHROMIUM));
    await (await bench.openReady(engine)).handle.close();
    await symlink('oldcontainer-42', join(bench.profileOf('default'), 'SingletonLock'));
    const { log } = await bench.openReady(engine);
    expect(log.qrs).toEqual([]);
  });

  it.each(['WAWebConnModel', 'WAWebAltDeviceLinkingApi'])(
    'P18: fails the start when WhatsApp has renamed %s, and leaves nothing running',
    async (module) => {
      await bench.control.config({ removeModules: [module] });
      await expect(open(bench.engine(), AbortSignal.timeout(6000))).rejects.toThrow();
      expect(bench.browsers()).toEqual([]);
    },
  );

  it('P18: reports a session lost that cannot become ready', async () => {
    await bench.control.config({ removeModules: ['WAWebSyncGatingUtils'] });
    const renamed = await bench.open(bench.engine());
    await until('a QR', () => renamed.log.qrs.length);
    await bench.control.scan({ phone: ME });
    await until('the loss', () => renamed.log.losses.length);
    expect(renamed.log.losses[0]).toMatchObject({ cause: 'connection' });
    expect(renamed.log.losses[0]?.reason).toContain('WAWebSyncGatingUtils');
    await bench.reset();

    await bench.control.config({ stuck: 'sync' });
    const stuck = await bench.open(bench.engine({ readyMs: 1200 }));
    await until('a QR', () => stuck.log.qrs.length);
    await bench.control.scan({ phone: ME });
    await until('the loss', () => stuck.log.losses.length);
    expect(stuck.log.names).not.toContain('ready');
    expect(bench.browsers()).toEqual([]);
  });

  it('P21: refuses a second opening on one profile, and the first lives on', async () => {
    const engine = bench.engine();
    const { handle } = await bench.openReady(engine);
    await expect(open(engine, new AbortController().signal)).rejects.toThrow('is open already');
    await expect(engine.forget('default')).rejects.toThrow('is open');
    await expect(handle.probe()).resolves.toBeUndefined();
    await handle.close();
    await expect(handle.close()).resolves.toBeUndefined();
    await expect(handle.logout()).resolves.toBeUndefined();
    await expect(stat(bench.profileOf('default'))).rejects.toThrow('ENOENT');
  });

  it('opens only when the browser before has ended', async () => {
    const engine = bench.engine();
    const { handle } = await bench.openReady(engine);
    const closing = handle.close();
    const { log } = await bench.openReady(engine);
    await closing;
    expect(log.names).toEqual(['authenticated', 'ready']);
  });

  it('Q6, Q7: opens no port to drive the browser, and keeps the profile to its owner', async () => {
    await bench.openReady(bench.engine());
    const commands = bench.commands();
    expect(commands.some((command) => command.includes('--remote-debugging-pipe'))).toBe(true);
    expect(commands.filter((command) => command.includes('--remote-debugging-port'))).toEqual([]);
    for (const directory of [bench.profiles, bench.profileOf('default')]) {
      expect(((await stat(directory)).mode & 0o777).toString(8)).toBe('700');
    }
  });

  it('says in one sentence why it cannot run here', async () => {
    const storage = { dataDir: bench.directory, sessionPath: bench.profiles };
    const missing = new WebEngine({ executablePath: '/nowhere/chromium', extraArgs: [], useSandbox: true }, storage);
    const reason = 'There is no Chromium at /nowhere/chromium, which PUPPETEER_EXECUTABLE_PATH names.';
    await expect(missing.availability()).resolves.toEqual({ available: false, reason });
    await expect(open(missing, new AbortController().signal)).rejects.toThrow(EngineUnavailableError);
  });
});
