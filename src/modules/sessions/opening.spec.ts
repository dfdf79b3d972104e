import { setTimeout as sleep } from 'node:timers/promises';

import { Logger } from '@nestjs/common';

import type { EngineHandle, LinkedNumber, WhatsAppEngine } from '../engines/index.js';
import { type Loss, Opening, type OpeningEvents } from './opening.js';

const LINKED: LinkedNumber = { phone: '+12025550100' as LinkedNumber['phone'], name: null };
const STAGE_MS = 60;

class Recorder implements OpeningEvents {
  readonly told: string[] = [];
  /** Holds the next report up, as a slow database would. */
  slowness: Promise<void> = Promise.resolve();
  failure: Error | undefined;

  async onQr(_opening: Opening, text: string): Promise<void> {
    await this.slowness;
    if (this.failure) throw this.failure;
    this.told.push(`qr ${text}`);
  }

  async onAuthenticated(): Promise<void> {
    await this.slowness;
    this.told.push('authenticated');
  }

  async onReady(opening: Opening): Promise<void> {
    await this.slowness;
    opening.isReady = true;
    this.told.push('ready');
  }

  onLost(_opening: Opening, { cause, reason }: Loss): void {
    this.told.push(`lost ${cause}: ${reason}`);
  }
}

/** An engine that does nothing but keep count of what is asked of it. */
class QuietEngine implements Pick<WhatsAppEngine, 'open'> {
  readonly closed: string[] = [];
  opened: Promise<void> = Promise.resolve();
  closing: () => Promise<void> = () => Promise.resolve();
  command: Parameters<WhatsAppEngine['open']>[0] | undefined;

  async open(command: Parameters<WhatsAppEngine['open']>[0]): Promise<EngineHandle> {
    this.command = command;
    await this.opened;
    return {
      close: () => {
        this.closed.push('close');
        return this.closing();
      },
      logout: () => {
        this.closed.push('logout');
        return this.closing();
      },
    } as EngineHandle;
  }
}

const receiver = {
  received: () => Promise.resolve(),
  acked: () => Promise.resolve(),
  changed: () => Promise.resolve(),
  caughtUp: () => Promise.resolve(),
};

describe(Opening.name, () => {
  let events: Recorder;
  let engine: QuietEngine;
  let opening: Opening;

  const launch = (): Promise<void> => opening.launch(engine as unknown as WhatsAppEngine);
  const settle = (): Promise<void> => sleep(5);

  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  beforeEach(() => {
    events = new Recorder();
    engine = new QuietEngine();
    const options = {
      sessionId: 'one',
      engine: 'sandbox' as const,
      generation: 1,
      fence: 1n,
      isRequested: false,
      proxy: null,
    };
    opening = new Opening({ ...options, stageTimeoutMs: STAGE_MS }, events, receiver);
  });

  afterEach(() => opening.end());

  it('works reports one after the other, in the order in which they came', async () => {
    await launch();
    let go: () => void = () => undefined;
    events.slowness = new Promise((resolve) => (go = resolve));
    opening.qr('2@a');
    opening.authenticated();
    opening.ready(LINKED);
    await settle();
    expect(events.told).toEqual([]);
    go();
    await settle();
    expect(events.told).toEqual(['qr 2@a', 'authenticated', 'ready']);
  });

  it('tells the same code, and that it is authenticated, once however often the engine repeats itself (P7)', async () => {
    await launch();
    for (let i = 0; i < 3; i += 1) opening.qr('2@a');
    for (let i = 0; i < 3; i += 1) opening.authenticated();
    await settle();
    expect(events.told).toEqual(['qr 2@a', 'authenticated']);
  });

  it('stays ready when the engine says once more that it is authenticated', async () => {
    await launch();
    opening.authenticated();
    opening.ready(LINKED);
    opening.authenticated();
    await sleep(STAGE_MS * 3);
    expect(events.told).toEqual(['authenticated', 'ready']);
  });

  it('shows no code once a number is linked (Q5)', async () => {
    await launch();
    opening.authenticated();
    opening.qr('2@late');
    await settle();
    expect(events.told).toEqual(['authenticated']);
  });

  it('drops what is reported after its end, also what was waiting for its turn (Q5, F16)', async () => {
    await launch();
    let go: () => void = () => undefined;
    events.slowness = new Promise((resolve) => (go = resolve));
    opening.qr('2@first');
    opening.qr('2@second');
    await settle();
    await opening.end();
    opening.ready(LINKED);
    opening.lost({ cause: 'connection', reason: 'late' });
    go();
    await settle();
    expect(events.told).toEqual(['qr 2@first']);
    expect(opening.isReady).toBe(false);
    expect(opening.handle).toBeUndefined();
  });

  it.each([
    ['nothing is shown', (): void => undefined, ['lost connection: The engine showed neither']],
    [
      'a code is shown',
      (): void => {
        opening.qr('2@a');
      },
      ['qr 2@a'],
    ],
    [
      'it is linked and not ready',
      (): void => {
        opening.authenticated();
      },
      ['authenticated', 'lost connection: The number was linked'],
    ],
    [
      'it is ready',
      (): void => {
        opening.authenticated();
        opening.ready(LINKED);
      },
      ['authenticated', 'ready'],
    ],
  ])('gives each stage its time: %s', async (_stage, report, expected) => {
    await launch();
    report();
    await sleep(STAGE_MS * 3);
    expect(events.told).toHaveLength(expected.length);
    for (const [index, text] of expected.entries()) expect(events.told[index]).toContain(text);
  });

  it('counts no time while it waits for its turn to be launched (F26)', async () => {
    await sleep(STAGE_MS * 3);
    expect(events.told).toEqual([]);
  });

  it('says that it is lost when a report could not be worked, so that no status stays behind the truth', async () => {
    await launch();
    events.failure = new Error('no database');
    opening.qr('2@a');
    await settle();
    expect(events.told).toEqual(['lost connection: A change of the session could not be stored.']);
  });

  it('tells the engine to give up, and closes the handle that comes all the same', async () => {
    let opened: () => void = () => undefined;
    engine.opened = new Promise((resolve) => (opened = resolve));
    const launching = launch();
    const ending = opening.end();
    expect(engine.command?.signal.aborted).toBe(true);
    opened();
    await Promise.all([launching, ending]);
    expect(engine.closed).toContain('close');
  });

  it('says whether it has unlinked the number, for of an opening that was given up the login is left (Q8)', async () => {
    const givenUp = new Opening(opening.options, events, receiver);
    engine.opened = Promise.reject(new Error('given up'));
    await expect(givenUp.launch(engine as unknown as WhatsAppEngine)).rejects.toThrow('given up');
    expect(await givenUp.logout()).toBe(false);
    engine.opened = Promise.resolve();
    await launch();
    expect(await opening.logout()).toBe(true);
  });

  it.each(['end', 'logout'] as const)('survives an engine that fails at the %s', async (how) => {
    await launch();
    engine.closing = () => Promise.reject(new Error('Target closed'));
    await expect(opening[how]()).resolves.toBe(how === 'logout' ? false : undefined);
    engine.closing = () => Promise.resolve();
  });

  it('hands acknowledgements and messages on when it is over: what the provider says of a message stays true', async () => {
    const heard: string[] = [];
    const listening = {
      ...receiver,
      acked: (_sessionId: string, ack: { providerMessageId: string }) => {
        heard.push(ack.providerMessageId);
        return Promise.resolve();
      },
    };
    const late = new Opening(opening.options, events, listening);
    await late.end();
    await late.acked({ providerMessageId: 'p1', level: 'READ', at: new Date() });
    expect(heard).toEqual(['p1']);
  });
});
