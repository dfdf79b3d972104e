import { sleep, until } from '../support/report-log.js';
import { BOB, describeWithChromium, ME, WebEngineBench } from '../support/web-engine-bench.js';

describeWithChromium('what a web session receives', () => {
  let bench: WebEngineBench;

  beforeAll(async () => {
    bench = await WebEngineBench.create();
  });
  afterEach(() => bench.reset());
  afterAll(() => bench.cleanUp());

  it.each(['before-sync', 'after-sync'] as const)(
    'P22: reports once what came while it was down (%s)',
    async (delivery) => {
      await bench.control.config({ offlineDelivery: delivery });
      const engine = bench.engine();
      await (await bench.openReady(engine)).handle.close();
      for (const body of ['one', 'two', 'three']) await bench.control.incoming({ phone: ME, from: BOB, body });
      await bench.control.incoming({ phone: ME, from: '5511933333333', body: 'somebody else' });
      const { log } = await bench.openReady(engine);
      await until('the messages', () => new Set(log.messages.map(({ text }) => text)).size === 4);
      const ofBob = log.messages.filter(({ from }) => from === `+${BOB}`).map(({ text }) => text);
      expect([...new Set(ofBob)]).toEqual(['one', 'two', 'three']);
      // A message may be told twice, under the same id: whoever stores it knows it by that.
      expect(new Set(log.messages.map(({ providerMessageId }) => providerMessageId)).size).toBe(4);
    },
  );

  it('P22: reports all of a long absence', async () => {
    const engine = bench.engine();
    await (await bench.openReady(engine)).handle.close();
    await bench.control.incomingBurst({ phone: ME, from: BOB, body: 'n', count: 300 });
    const { log } = await bench.openReady(engine);
    await until('the messages', () => new Set(log.messages.map((one) => one.providerMessageId)).size === 300);
  });

  it('P22: takes the past of a number that was linked just now for past', async () => {
    const engine = bench.engine();
    const first = await bench.openReady(engine);
    await bench.control.incoming({ phone: ME, from: BOB, body: 'before' });
    await until('the message', () => first.log.messages.length);
    await first.handle.logout();
    const { log } = await bench.openReady(engine);
    await sleep(400);
    expect(log.names).toEqual(['qr', 'authenticated', 'ready']);
  });

  it('reports what people write, to us and in groups, in order, and nothing of its own', async () => {
    const { log } = await bench.openReady(bench.engine());
    const group = await bench.control.group({ owner: ME, subject: 'team', participants: [BOB] });
    await bench.control.incoming({ phone: ME, from: BOB, body: 'in a group', group: group.id });
    await bench.control.incoming({ phone: ME, from: BOB, body: 'first' });
    await bench.control.incoming({
      phone: ME,
      from: BOB,
      media: { mimetype: 'image/png', bytes: 200 },
      caption: 'look',
    });
    await bench.control.incoming({ phone: ME, from: BOB, body: 'last' });
    await until('the messages', () => log.messages.length === 4);
    await sleep(150);
    expect(log.messages.map(({ type, text }) => [type, text])).toEqual([
      ['text', 'in a group'],
      ['text', 'first'],
      ['image', 'look'],
      ['text', 'last'],
    ]);
    expect(log.messages[0]).toMatchObject({ from: `+${BOB}`, group: group.id });
    expect(log.messages[1]?.providerMessageId).toMatch(/^false_5511911111111@c\.us_/);
    expect(Math.abs((log.messages[1]?.at.getTime() ?? 0) - Date.now())).toBeLessThan(10_000);
  });

  it('tries again to report what could not be stored, and keeps the order', async () => {
    const { log } = await bench.openReady(bench.engine());
    const received = log.received.bind(log);
    let failures = 2;
    log.received = (message) => {
      failures -= 1;
      return failures >= 0 ? Promise.reject(new Error('no database')) : received(message);
    };
    await bench.control.incoming({ phone: ME, from: BOB, body: 'first' });
    await bench.control.incoming({ phone: ME, from: BOB, body: 'second' });
    await until('both', () => log.messages.length === 2);
    expect(log.messages.map(({ text }) => text)).toEqual(['first', 'second']);
  });

  it('F11: survives a listener that throws', async () => {
    const engine = bench.engine();
    const { log, handle } = await bench.openReady(engine);
    await handle.close();
    const again = await bench.open(engine);
    again.log.ready = () => {
      throw new Error('a broken listener');
    };
    await until('a live session', () =>
      again.handle.probe().then(
        () => true,
        () => false,
      ),
    );
    expect(log.losses).toEqual([]);
  });
});
