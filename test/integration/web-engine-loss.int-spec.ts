import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';

import { startProbe, type Probe } from '../support/processes.js';
import { ReportLog, sleep, until } from '../support/report-log.js';
import { describeWithChromium, ME, sendText, WebEngineBench, WHOLE_CHROMIUM } from '../support/web-engine-bench.js';

describeWithChromium('the loss of a web session', () => {
  let bench: WebEngineBench;
  const probes: Probe[] = [];
  const strays: number[] = [];

  beforeAll(async () => {
    bench = await WebEngineBench.create();
  });
  afterEach(async () => {
    for (const { child } of probes.splice(0)) child.kill('SIGKILL');
    for (const leader of strays.splice(0)) {
      try {
        process.kill(-leader, 'SIGKILL');
      } catch {
        // The engine has ended it, as it should.
      }
    }
    await bench.reset();
  });
  afterAll(() => bench.cleanUp());

  const startProcess = (task = 'open'): Probe => {
    const probe = startProbe('web-engine.process.ts', bench.executablePath, bench.profiles, task);
    probes.push(probe);
    return probe;
  };

  const startReadyProcess = async (): Promise<Probe> => {
    const probe = startProcess();
    const first = await probe.line();
    if (first.startsWith('qr ')) {
      await bench.control.scan({ phone: ME, qr: first.slice(3) });
      expect(await probe.line()).toBe('ready');
    }
    return probe;
  };

  it('P8, F15: survives reloads of the page', async () => {
    const { handle, log } = await bench.openReady(bench.engine());
    for (const pauseMs of [60, 100, 140, 180, 220]) {
      const [page] = await bench.control.sessions();
      if (page) await bench.control.reload({ session: page.id }).catch(() => undefined);
      await sleep(pauseMs);
    }
    await until('a live page', () =>
      handle.probe().then(
        () => true,
        () => false,
      ),
    );
    await sendText(handle, 'alive');
    expect((await bench.control.sent()).map(({ body }) => body)).toEqual(['alive']);
    expect(log.losses).toEqual([]);
    expect(log.count('authenticated')).toBe(1);
  });

  it.each(['reject-as-library', 'reject-as-string'])(
    'P8, F11: lives on when the library leaves a rejection to nobody (%s)',
    async (task) => {
      const probe = startProcess(task);
      const lines = [await probe.line(), await probe.line()];
      expect(lines.some((line) => line.startsWith('contained '))).toBe(true);
      expect(lines.some((line) => line.startsWith('qr 2@'))).toBe(true);
      probe.child.kill('SIGTERM');
      expect(await probe.ended).toMatchObject({ code: 0 });
    },
  );

  it('F11: ends when the rejection is not of the library', async () => {
    const { code, errors } = await startProcess('reject-otherwise').ended;
    expect(code).toBe(1);
    expect(errors).toContain('a mistake of ours');
  });

  it('P10: reports that its browser was killed', async () => {
    const engine = bench.engine();
    const { handle, log } = await bench.openReady(engine);
    for (const pid of bench.browsers('default')) process.kill(pid, 'SIGKILL');
    await until('the loss', () => log.losses.length, 3_000);
    expect(log.losses).toMatchObject([{ cause: 'connection' }]);
    await expect(sendText(handle, 'too late')).rejects.toMatchObject({ reasonCode: 'page-not-answering' });
    expect((await bench.openReady(engine)).log.qrs).toEqual([]);
  });

  it('P10, F13: reports that its page was killed', async () => {
    const engine = bench.engine();
    const { log } = await bench.openReady(engine);
    const [renderer] = bench.helpers('default').filter(({ command }) => command.includes('--type=renderer'));
    process.kill(renderer?.pid ?? NaN, 'SIGKILL');
    await until('the loss', () => log.losses.length, 3_000);
    expect(log.losses).toMatchObject([{ cause: 'connection', reason: 'The page has crashed.' }]);
    expect(bench.browsers()).toEqual([]);
    expect((await bench.openReady(engine)).log.qrs).toEqual([]);
  });

  it('F13: finds out that its browser stands still, and can end it', async () => {
    const engine = bench.engine({ callMs: 800, closeMs: 800 });
    const { handle } = await bench.openReady(engine);
    for (const { pid } of bench.helpers('default')) process.kill(pid, 'SIGSTOP');
    const startedAt = performance.now();
    await expect(handle.probe()).rejects.toThrow('took longer');
    await expect(sendText(handle, 'into the void')).rejects.toMatchObject({ reasonCode: 'page-not-answering' });
    await handle.close();
    expect(performance.now() - startedAt).toBeLessThan(7_000);
    expect(bench.helpers('default')).toEqual([]);
    expect((await bench.openReady(engine)).log.qrs).toEqual([]);
  });

  it('P12, F12: leaves no browser when its process is killed, and starts again without a QR', async () => {
    for (let kill = 0; kill < 3; kill += 1) {
      const probe = await startReadyProcess();
      expect(bench.browsers().length).toBeGreaterThan(0);
      probe.child.kill('SIGKILL');
      await probe.ended;
      await until('the end of the browser', () => bench.helpers('default').length === 0, 3_000);
    }
    const { log } = await bench.openReady(bench.engine());
    expect(log.names).toEqual(['authenticated', 'ready']);
  });

  it('P12: ends a browser that was left on its profile, and no other', async () => {
    const engine = bench.engine({}, await bench.makeBrowser('whole', bench.sim.tlsPort, WHOLE_CHROMIUM));
    await (await bench.openReady(engine)).handle.close();
    const leave = async (session: string): Promise<number> => {
      await mkdir(bench.profileOf(session), { recursive: true });
      const args = ['--headless', '--remote-debugging-port=0', `--user-data-dir=${bench.profileOf(session)}`];
      const child = spawn(`${bench.directory}/whole`, [...args, 'about:blank'], { detached: true, stdio: 'ignore' });
      strays.push(child.pid ?? NaN);
      await until('a browser that was left', () => bench.browsers(session).length > 2);
      return child.pid ?? NaN;
    };
    const left = await leave('default');
    const other = await leave('other');
    const { log } = await bench.openReady(engine);
    expect(log.qrs).toEqual([]);
    expect(bench.browsers('default')).not.toContain(left);
    expect(bench.browsers('other')).toContain(other);
  });

  it('F14: holds nothing after many starts, stops, failures and losses', async () => {
    const engine = bench.engine();
    const descriptors = (): number => readdirSync('/proc/self/fd').length;
    const cycle = async (): Promise<void> => {
      const { handle } = await bench.openReady(engine);
      await handle.close();
      const controller = new AbortController();
      const opening = engine.open({ sessionId: 'default', proxy: null, signal: controller.signal }, new ReportLog());
      setTimeout(() => {
        controller.abort(new Error('not wanted any more'));
      }, 200);
      await opening.then(
        (opened) => opened.close(),
        () => undefined,
      );
      const lost = await bench.openReady(engine);
      for (const pid of bench.browsers('default')) process.kill(pid, 'SIGKILL');
      await until('the loss', () => lost.log.losses.length);
    };
    await cycle();
    const before = descriptors();
    for (let n = 0; n < 5; n += 1) await cycle();
    expect(descriptors()).toBeLessThanOrEqual(before + 4);
    expect([bench.browsers(), bench.helpers('default')]).toEqual([[], []]);
    expect(process.listenerCount('exit')).toBeLessThan(10);
  });

  it('P19: lets SIGTERM be handled by the process, which ends its browser and itself', async () => {
    const probe = await startReadyProcess();
    const startedAt = performance.now();
    probe.child.kill('SIGTERM');
    expect(await probe.line()).toBe('still alive');
    expect(await probe.line()).toBe('closed');
    expect(await probe.ended).toMatchObject({ code: 0 });
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    expect(bench.helpers('default')).toEqual([]);
  });
});
