import type { PhoneNumber } from '../../src/kernel/phone-number.js';
import { SendDeferredError, SendRefusedError } from '../../src/modules/engines/engine.errors.js';
import { until } from '../support/report-log.js';
import {
  BOB,
  describeWithChromium,
  ME,
  sendText,
  WebEngineBench,
  type OpenSession,
} from '../support/web-engine-bench.js';

/** How a send ended: with its id, or with the kind of its failure. */
const outcome = (sending: Promise<{ readonly providerMessageId: string }>): Promise<string> =>
  sending.then(
    ({ providerMessageId }) => providerMessageId,
    (error: unknown) => {
      if (error instanceof SendRefusedError) return `refused: ${error.reasonCode}`;
      if (error instanceof SendDeferredError) return `deferred: ${error.reasonCode}`;
      return 'unknown';
    },
  );

describeWithChromium('sending from a web session', () => {
  let bench: WebEngineBench;
  let session: OpenSession;

  beforeAll(async () => {
    bench = await WebEngineBench.create();
  });
  beforeEach(async () => {
    session = await bench.openReady(bench.engine({ ackMs: 1_200, lookupMs: 900, callMs: 1_200 }));
  });
  afterEach(() => bench.reset());
  afterAll(() => bench.cleanUp());

  const bodies = async (): Promise<(string | undefined)[]> => (await bench.control.sent()).map(({ body }) => body);

  it('P13: refuses what is too large for the browser, and does not fetch what is large', async () => {
    const { handle, log } = session;
    await expect(outcome(sendText(handle, 'x'.repeat(100_000)))).resolves.toBe('refused: text-too-long');
    await bench.control.incoming({ phone: ME, from: BOB, media: { mimetype: 'application/pdf', bytes: 30_000_000 } });
    await until('the message', () => log.messages.length);
    expect(log.messages[0]).toMatchObject({ type: 'document', text: null, media: { sizeBytes: 30_000_000 } });
    await expect(handle.probe()).resolves.toBeUndefined();
    await sendText(handle, 'x'.repeat(60_000));
    expect(log.losses).toEqual([]);
  });

  it('P15: takes nothing for sent before WhatsApp has acknowledged it', async () => {
    const { handle, log } = session;
    await sendText(handle, 'first');
    await bench.control.fail({ op: 'send', mode: 'delay', delayMs: 500 });
    const startedAt = performance.now();
    const { providerMessageId } = await sendText(handle, 'slow');
    expect(performance.now() - startedAt).toBeGreaterThan(450);
    await until('SENT', () => log.levels(providerMessageId).includes('SENT'));
  });

  it('P15: tells a refusal of WhatsApp from silence', async () => {
    const { handle, log } = session;
    await bench.control.fail({ op: 'send', mode: 'error', message: 'ERROR_UNKNOWN' });
    await expect(outcome(sendText(handle, 'refused'))).resolves.toBe('refused: rejected-by-whatsapp');
    await until('the failure', () => log.acks.some((ack) => ack.level === 'FAILED'));
    expect(log.acks.find((ack) => ack.level === 'FAILED')?.error?.code).toBe('rejected-by-whatsapp');

    await bench.control.fail({ op: 'send', mode: 'silent' });
    const to = `+${BOB}` as PhoneNumber;
    const id = handle.newMessageId(to) ?? '';
    const command = { messageId: 'msg_s', attempt: 1, providerMessageId: id, to, quoted: null };
    const content = { type: 'text' as const, text: 'silent' };
    await expect(outcome(handle.send({ ...command, content }))).resolves.toBe('unknown');
    await expect(handle.findMessage(id)).rejects.toThrow('still under way');
    await bench.control.fail({ op: 'send', mode: 'hang' });
    await expect(outcome(sendText(handle, 'hangs'))).resolves.toBe('unknown');
  });

  it('P15: knows by our own id what the library has lost sight of', async () => {
    const { handle } = session;
    await bench.control.fail({ op: 'send', mode: 'uncached' });
    const { providerMessageId } = await sendText(handle, 'uncached');
    expect((await bench.control.sent()).map(({ rawId }) => rawId)).toEqual([providerMessageId]);
    await until('its level', () => handle.findMessage(providerMessageId));
  });

  it('P15: says that nothing has left when the message never got into the page', async () => {
    await bench.control.fail({ op: 'resolveChat', mode: 'throw', message: 'broken' });
    await expect(outcome(sendText(session.handle, 'no chat'))).resolves.toBe('deferred: recipient-not-resolved');
    expect(await bodies()).toEqual([]);
  });

  it('P16: does not wait for the preview of a link', async () => {
    await bench.control.config({ linkPreview: true });
    await bench.control.fail({ op: 'linkPreview', mode: 'hang', count: 5 });
    await sendText(session.handle, 'see https://example.com');
    expect(await bodies()).toEqual(['see https://example.com']);
  });

  it('P17: sends nothing while there is no network, and says so in time', async () => {
    const { handle, log } = session;
    await sendText(handle, 'before');
    await bench.control.dropConnection({ phone: ME });
    await until('the loss of the network', () =>
      handle.probe().then(
        () => false,
        () => true,
      ),
    );
    const startedAt = performance.now();
    await expect(outcome(sendText(handle, 'offline'))).resolves.toBe('deferred: not-connected');
    await expect(outcome(sendText(handle, 'to somebody new', '5511933333333'))).resolves.toBe(
      'deferred: not-connected',
    );
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    await bench.control.restoreConnection();
    await until('the network', () =>
      handle.probe().then(
        () => true,
        () => false,
      ),
    );
    await sendText(handle, 'after');
    expect(await bodies()).toEqual(['before', 'after']);
    expect(log.losses).toEqual([]);
  });

  it('P17: gives up a look-up that the server does not answer', async () => {
    await bench.control.fail({ op: 'queryExists', mode: 'hang' });
    await expect(outcome(sendText(session.handle, 'look-up'))).resolves.toBe('deferred: recipient-not-resolved');
    expect(await bodies()).toEqual([]);
  });

  it('P8, F15: leaves open what a reload of the page has interrupted, and finds out later', async () => {
    const { handle, log } = session;
    await sendText(handle, 'known chat');
    await bench.control.fail({ op: 'addMsg', mode: 'delay', delayMs: 400 });
    const to = `+${BOB}` as PhoneNumber;
    const id = handle.newMessageId(to) ?? '';
    const command = {
      messageId: 'msg_r',
      attempt: 1,
      providerMessageId: id,
      to,
      content: { type: 'text' as const, text: 'interrupted' },
      quoted: null,
    };
    const sending = outcome(handle.send(command));
    await new Promise((resolve) => setTimeout(resolve, 150));
    await bench.control.reload({ phone: ME });
    await expect(sending).resolves.toBe('unknown');
    await until('ready again', () => log.readies.length === 2);
    const arrived = (await bodies()).includes('interrupted');
    expect((await handle.findMessage(id)) !== null).toBe(arrived);
    await expect(outcome(sendText(handle, 'alive'))).resolves.toMatch(/^3EB0/);
  });
});

describeWithChromium('a web session of which WhatsApp hides the numbers', () => {
  let bench: WebEngineBench;

  beforeAll(async () => {
    bench = await WebEngineBench.create({ lidMode: true });
  });
  afterAll(() => bench.cleanUp());

  it('P20: sends, is acknowledged and receives by number', async () => {
    const { handle, log } = await bench.openReady(bench.engine());
    const { providerMessageId } = await sendText(handle, 'by number');
    const [sent] = await bench.control.sent();
    expect(sent).toMatchObject({ toPhone: BOB, rawId: providerMessageId });
    expect(sent?.id).toContain('@lid');
    await until('DELIVERED', () => log.levels(providerMessageId).includes('DELIVERED'));
    await expect(handle.findMessage(providerMessageId)).resolves.toBe('DELIVERED');
    await bench.control.incoming({ phone: ME, from: BOB, body: 'hi' });
    await bench.control.incoming({ phone: ME, from: '5511944444444', body: 'we have not met' });
    await until('both', () => log.messages.length === 2);
    expect(log.messages.map(({ from, text }) => [from, text])).toEqual([
      [`+${BOB}`, 'hi'],
      ['+5511944444444', 'we have not met'],
    ]);
  });
});
