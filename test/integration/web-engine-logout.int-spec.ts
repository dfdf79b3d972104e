import { stat } from 'node:fs/promises';

import { sleep, until } from '../support/report-log.js';
import { describeWithChromium, ME, sendText, WebEngineBench } from '../support/web-engine-bench.js';

describeWithChromium('the end of a link', () => {
  let bench: WebEngineBench;

  beforeAll(async () => {
    bench = await WebEngineBench.create();
  });
  afterEach(() => bench.reset());
  afterAll(() => bench.cleanUp());

  const hasProfile = (): Promise<boolean> =>
    stat(bench.profileOf('default')).then(
      () => true,
      () => false,
    );

  it('P4: learns at the start that the phone has removed the device meanwhile, and asks for a QR', async () => {
    const engine = bench.engine();
    await (await bench.openReady(engine)).handle.close();
    await bench.control.logout({ phone: ME });
    const { log } = await bench.open(engine);
    await until('the loss', () => log.losses.length);
    expect(log.losses).toMatchObject([{ cause: 'logged-out' }]);
    expect(log.names).toEqual(['lost']);
    expect([bench.browsers(), await hasProfile()]).toEqual([[], false]);
    const again = await bench.openReady(engine);
    expect(again.log.names).toEqual(['qr', 'authenticated', 'ready']);
  });

  it.each(['navigate', 'unpaired', 'unpaired+navigate', 'stay'] as const)(
    'P9: keeps a link that is made after the phone has removed the one before (%s)',
    async (mode) => {
      const engine = bench.engine();
      const { log } = await bench.openReady(engine);
      await bench.control.logout({ phone: ME, mode });
      await until('the loss', () => log.losses.length);
      expect(log.losses).toMatchObject([{ cause: 'logged-out' }]);
      expect([bench.browsers(), await hasProfile()]).toEqual([[], false]);
      const linked = await bench.openReady(engine);
      await linked.handle.close();
      const again = await bench.openReady(engine);
      expect(again.log.names).toEqual(['authenticated', 'ready']);
    },
  );

  it.each([0, 20, 600])('unlinks at WhatsApp, whenever the page leaves (%i ms)', async (logoutNavigateDelayMs) => {
    await bench.control.config({ logoutNavigateDelayMs });
    const { handle, log } = await bench.openReady(bench.engine());
    const heard = log.names.length;
    await handle.logout();
    expect((await bench.control.accounts())[0]).toMatchObject({ devices: 0, online: false });
    expect([bench.browsers(), await hasProfile()]).toEqual([[], false]);
    expect(log.names).toHaveLength(heard);
  });

  it('F16: a logout that hangs ends in time and spoils nothing of what is linked after it', async () => {
    const engine = bench.engine({ logoutMs: 500, closeMs: 1_000 });
    const old = await bench.openReady(engine);
    await bench.control.hang({ phone: ME, ms: 4_000 });
    const startedAt = performance.now();
    await old.handle.logout();
    expect(performance.now() - startedAt).toBeLessThan(3_500);
    const fresh = await bench.openReady(engine);
    await expect(old.handle.logout()).rejects.toThrow('is open');
    await old.handle.close();
    await sleep(1_000);
    await sendText(fresh.handle, 'still here');
    await fresh.handle.close();
    const again = await bench.openReady(engine);
    expect(again.log.names).toEqual(['authenticated', 'ready']);
  });

  it('Q8: removes the profile of a session that is forgotten', async () => {
    const engine = bench.engine();
    await (await bench.openReady(engine)).handle.close();
    expect(await hasProfile()).toBe(true);
    await engine.forget('default');
    expect(await hasProfile()).toBe(false);
    await expect(engine.forget('never-seen')).resolves.toBeUndefined();
  });
});
