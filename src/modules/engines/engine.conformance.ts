import type { PhoneNumber } from '../../kernel/phone-number.js';
import { SendDeferredError, SendRefusedError } from './engine.errors.js';
import type {
  Ack,
  EngineHandle,
  EngineReports,
  InboundChange,
  InboundMessage,
  LinkedNumber,
  LossCause,
  SendCommand,
  SentMessage,
  WhatsAppEngine,
} from './engine.port.js';

export interface Arrival {
  readonly to: string;
  readonly text: string;
  readonly providerMessageId: string;
}

/** What the suite needs to play WhatsApp, the phone and the contacts around an engine that can `text` and `qr`. */
export interface EngineHarness {
  /** An engine over the storage of this test; a second one sees what the first has stored. */
  create(): WhatsAppEngine;
  /** The phone of this number scans the QR that the session shows. */
  link(sessionId: string, qr: string, phone: PhoneNumber): Promise<void>;
  /** What WhatsApp received from the session, in order. */
  arrivals(sessionId: string): Promise<readonly Arrival[]>;
  /** The road to WhatsApp breaks; the credentials stay good. */
  dropConnection(sessionId: string): Promise<void>;
  /** The phone removes the linked device. */
  logoutFromPhone(sessionId: string): Promise<void>;
  /** A contact writes to the linked number. */
  incoming(sessionId: string, message: { readonly from: PhoneNumber; readonly text: string }): Promise<void>;
  /** Forgets everything that the test has made. */
  cleanUp(): Promise<void>;
  readonly recipients: {
    /** Takes messages and lets them be delivered. */
    readonly known: PhoneNumber;
    readonly notOnWhatsApp: PhoneNumber;
  };
}

const PHONE = '+5511987654399' as PhoneNumber;
const OTHER_PHONE = '+5511987654388' as PhoneNumber;
const WAIT_MS = 10_000;
/** Long enough for a report that must not come. */
const QUIET_MS = 300;

class Reports implements EngineReports {
  readonly names: string[] = [];
  readonly qrs: string[] = [];
  readonly readies: LinkedNumber[] = [];
  readonly causes: LossCause[] = [];
  readonly messages: InboundMessage[] = [];
  readonly acks: Ack[] = [];
  readonly changes: InboundChange[] = [];
  /** How often everything that was missed had been told. */
  catchUps = 0;

  qr(text: string): void {
    this.names.push('qr');
    this.qrs.push(text);
  }

  authenticated(): void {
    this.names.push('authenticated');
  }

  ready(linked: LinkedNumber): void {
    this.names.push('ready');
    this.readies.push(linked);
  }

  lost({ cause }: { readonly cause: LossCause }): void {
    this.names.push('lost');
    this.causes.push(cause);
  }

  received(message: InboundMessage): Promise<void> {
    this.names.push('received');
    this.messages.push(message);
    return Promise.resolve();
  }

  acked(ack: Ack): Promise<void> {
    this.names.push('acked');
    this.acks.push(ack);
    return Promise.resolve();
  }

  changed(change: InboundChange): Promise<void> {
    this.names.push('changed');
    this.changes.push(change);
    return Promise.resolve();
  }

  caughtUp(): Promise<void> {
    this.catchUps += 1;
    return Promise.resolve();
  }
}

interface OpenedSession {
  readonly engine: WhatsAppEngine;
  readonly handle: EngineHandle;
  readonly reports: Reports;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const until = async (what: string, isSo: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + WAIT_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`Waited ${String(WAIT_MS)} ms for ${what}.`);
    await pause(10);
  }
};

const commandOf = (to: PhoneNumber, text: string): Omit<SendCommand, 'providerMessageId'> => ({
  ...{ messageId: `msg_${text}`, attempt: 1, to, quoted: null },
  content: { type: 'text', text },
});

/** What every engine owes its callers. One harness is made for each test. */
export const describeEngineConformance = (name: string, createHarness: () => Promise<EngineHarness>): void => {
  describe(`${name} as a WhatsAppEngine`, () => {
    let harness: EngineHarness;
    let handles: EngineHandle[];

    const open = async (sessionId = 'one', engine = harness.create()): Promise<OpenedSession> => {
      const reports = new Reports();
      const handle = await engine.open({ sessionId, proxy: null, signal: new AbortController().signal }, reports);
      handles.push(handle);
      return { engine, handle, reports };
    };
    const openReady = async (sessionId = 'one', phone = PHONE): Promise<OpenedSession> => {
      const session = await open(sessionId);
      await until('a QR', () => session.reports.qrs.length > 0);
      await harness.link(sessionId, session.reports.qrs.at(-1) ?? '', phone);
      await until('ready', () => session.reports.readies.length > 0);
      return session;
    };
    const send = (handle: EngineHandle, to: PhoneNumber, text: string): Promise<SentMessage> =>
      handle.send({ ...commandOf(to, text), providerMessageId: handle.newMessageId(to) });

    beforeEach(async () => {
      handles = [];
      harness = await createHarness();
    });

    afterEach(async () => {
      await Promise.all(handles.map((handle) => handle.close()));
      await harness.cleanUp();
    });

    it('can be used here', async () => {
      await expect(harness.create().availability()).resolves.toEqual({ available: true });
    });

    it('shows a QR, and is ready with the number of the phone that scans it', async () => {
      const { reports } = await openReady();
      expect(reports.names.filter((one) => one !== 'qr')).toEqual(['authenticated', 'ready']);
      expect(reports.readies[0]).toMatchObject({ phone: PHONE });
    });

    it('opens again without a QR', async () => {
      const { handle, engine } = await openReady();
      await handle.close();
      const again = await open('one', engine);
      await until('ready', () => again.reports.readies.length > 0);
      expect(again.reports.names).toEqual(['authenticated', 'ready']);
      expect(again.reports.readies[0]).toMatchObject({ phone: PHONE });
    });

    it('opens in another process with what the first has stored', async () => {
      const { handle } = await openReady();
      await handle.close();
      const again = await open();
      await until('ready', () => again.reports.readies.length > 0);
      expect(again.reports.qrs).toEqual([]);
    });

    it('gives a new QR when asked for one', async () => {
      const { handle, reports } = await open();
      await until('a QR', () => reports.qrs.length > 0);
      const before = reports.qrs.length;
      await handle.refreshQr();
      await until('another QR', () => reports.qrs.length > before);
      await harness.link('one', reports.qrs.at(-1) ?? '', PHONE);
      await until('ready', () => reports.readies.length > 0);
    });

    it('sends a text under the id that it gave before, and reports how far it got', async () => {
      const { handle, reports } = await openReady();
      const id = handle.newMessageId(harness.recipients.known);
      const to = harness.recipients.known;
      const sent = await handle.send({ ...commandOf(to, 'Olá, 🌍'), providerMessageId: id });
      expect(sent).toEqual({ providerMessageId: id });
      expect(await harness.arrivals('one')).toEqual([{ to, text: 'Olá, 🌍', providerMessageId: id }]);
      await until('DELIVERED', () => reports.acks.some((ack) => ack.level === 'DELIVERED'));
      expect(new Set(reports.acks.map((ack) => ack.providerMessageId))).toEqual(new Set([id]));
    });

    it('gives every message an id of its own', async () => {
      const { handle } = await openReady();
      const ids = Array.from({ length: 100 }, () => handle.newMessageId(harness.recipients.known));
      expect(ids).not.toContain(null);
      expect(new Set(ids).size).toBe(100);
    });

    it('keeps the order of what is sent one after the other', async () => {
      const { handle } = await openReady();
      const texts = Array.from({ length: 5 }, (_, index) => `text ${String(index)}`);
      for (const text of texts) await send(handle, harness.recipients.known, text);
      expect((await harness.arrivals('one')).map((arrival) => arrival.text)).toEqual(texts);
    });

    it('refuses for good what goes to a number that is not on WhatsApp', async () => {
      const { handle } = await openReady();
      const sending = send(handle, harness.recipients.notOnWhatsApp, 'to nobody');
      await expect(sending).rejects.toBeInstanceOf(SendRefusedError);
      await expect(sending).rejects.toMatchObject({ reasonCode: 'not-on-whatsapp' });
      expect(await harness.arrivals('one')).toEqual([]);
    });

    it('finds out how far a message got, also after it was opened again', async () => {
      const { handle, reports } = await openReady();
      const { providerMessageId } = await send(handle, harness.recipients.known, 'where is it');
      await until('DELIVERED', () => reports.acks.some((ack) => ack.level === 'DELIVERED'));
      await handle.close();
      const again = await open();
      await until('ready', () => again.reports.readies.length > 0);
      expect(['DELIVERED', 'READ']).toContain(await again.handle.findMessage(providerMessageId));
      await expect(again.handle.findMessage(again.handle.newMessageId(PHONE) ?? '')).resolves.toBeNull();
    });

    it('says that nothing was sent when it is closed, and may be tried again', async () => {
      const { handle } = await openReady();
      await handle.close();
      await expect(send(handle, harness.recipients.known, 'too late')).rejects.toBeInstanceOf(SendDeferredError);
      expect(await harness.arrivals('one')).toEqual([]);
    });

    it('reports what a contact writes, once, with the number in E.164', async () => {
      const { reports } = await openReady();
      await harness.incoming('one', { from: harness.recipients.known, text: 'oi' });
      await until('the message', () => reports.messages.length > 0);
      await pause(QUIET_MS);
      expect(reports.messages).toHaveLength(1);
      expect(reports.messages[0]).toMatchObject({ from: harness.recipients.known, type: 'text', text: 'oi' });
    });

    it('tells a live session from a closed one', async () => {
      const { handle } = await openReady();
      await expect(handle.probe()).resolves.toBeUndefined();
      await handle.close();
      await expect(handle.probe()).rejects.toThrow();
    });

    it('reports a broken connection once, and can be opened again without a QR', async () => {
      const { reports, engine } = await openReady();
      await harness.dropConnection('one');
      await until('the loss', () => reports.causes.length > 0);
      const again = await open('one', engine);
      await until('ready', () => again.reports.readies.length > 0);
      expect(again.reports.qrs).toEqual([]);
      expect(reports.causes).toEqual(['connection']);
    });

    it('reports once that the phone has removed the device, and asks for a QR the next time', async () => {
      const { reports, engine } = await openReady();
      await harness.logoutFromPhone('one');
      await until('the loss', () => reports.causes.length > 0);
      const again = await open('one', engine);
      await until('a QR', () => again.reports.qrs.length > 0);
      expect(reports.causes).toEqual(['logged-out']);
      expect(again.reports.readies).toEqual([]);
    });

    it('forgets the number at a logout, and reports nothing of it', async () => {
      const { handle, reports, engine } = await openReady();
      await handle.logout();
      const heard = reports.names.length;
      const again = await open('one', engine);
      await until('a QR', () => again.reports.qrs.length > 0);
      expect(reports.names).toHaveLength(heard);
    });

    it('forgets the number of a session that is not open', async () => {
      const { handle, engine } = await openReady();
      await handle.close();
      await engine.forget('one');
      const again = await open('one', engine);
      await until('a QR', () => again.reports.qrs.length > 0);
    });

    it('reports nothing after a close, which may be called twice', async () => {
      const { handle, reports } = await openReady();
      await Promise.all([handle.close(), handle.close()]);
      const heard = reports.names.length;
      await harness.dropConnection('one').catch(() => undefined);
      await pause(QUIET_MS);
      await handle.close();
      expect(reports.names).toHaveLength(heard);
    });

    it('opens nothing when the opening is given up before it begins, and can be opened later', async () => {
      const engine = harness.create();
      const reports = new Reports();
      const opening = engine.open({ sessionId: 'one', proxy: null, signal: AbortSignal.abort() }, reports);
      await expect(opening).rejects.toThrow();
      const later = await open('one', engine);
      await until('a QR', () => later.reports.qrs.length > 0);
      expect(reports.names).not.toContain('ready');
    });

    it('keeps sessions apart', async () => {
      const one = await openReady('one', PHONE);
      const two = await openReady('two', OTHER_PHONE);
      await send(one.handle, harness.recipients.known, 'from one');
      await harness.incoming('two', { from: harness.recipients.known, text: 'to two' });
      await until('the message', () => two.reports.messages.length > 0);
      expect(one.reports.messages).toEqual([]);
      expect(await harness.arrivals('two')).toEqual([]);
      await one.handle.close();
      await expect(two.handle.probe()).resolves.toBeUndefined();
    });
  });
};
