import { setTimeout as sleep } from 'node:timers/promises';

import type { PhoneNumber } from '../../../kernel/phone-number.js';
import { noCheckpoints } from '../../../platform/lifecycle/checkpoints.js';
import { SendDeferredError, SessionNotConnectedError } from '../engine.errors.js';
import { findSendObstacle } from './page/sending.js';
import type { WebClient } from './web-client.js';
import { WebHandle } from './web-handle.js';
import type { WebOpening } from './web-opening.js';
import { WebSender } from './web-sender.js';
import { DEFAULT_WEB_TIMINGS } from './web-timings.js';

const TIMINGS = { ...DEFAULT_WEB_TIMINGS, prepareMs: 150 };
const COMMAND = {
  messageId: 'msg_1',
  attempt: 1,
  providerMessageId: '3EB0',
  content: { type: 'text' as const, text: 'hello' },
  quoted: null,
};

const never = (): Promise<never> => new Promise(() => undefined);

describe('a page that cannot send', () => {
  let state: () => Promise<string | null>;
  let sender: WebSender;
  let handle: WebHandle;

  beforeEach(() => {
    state = () => Promise.resolve(null);
    const client = {
      call: (_name: string, _ms: number, run: unknown) => (run === findSendObstacle ? state() : never()),
    };
    sender = new WebSender(client as unknown as WebClient, TIMINGS, noCheckpoints);
    handle = new WebHandle({ sender } as unknown as WebOpening, TIMINGS, () => Promise.resolve());
  });

  const send = (): Promise<unknown> =>
    sender.send({ ...COMMAND, to: '+12025550110' as PhoneNumber }).catch((error: unknown) => error);

  it.each([
    ['is not connected', (): Promise<string> => Promise.resolve('OPENING')],
    ['is frozen', never],
  ])('charges no message with that: it %s', async (_name, answer) => {
    state = answer;
    expect(await send()).toBeInstanceOf(SessionNotConnectedError);
  });

  it('charges the message when only its recipient takes too long', async () => {
    const error = await send();
    expect(error).toBeInstanceOf(SendDeferredError);
    expect(error).not.toBeInstanceOf(SessionNotConnectedError);
  });

  it('F13 gives no sign of life though one message after the other is being tried', async () => {
    state = never;
    await send();
    const trying = send();
    await expect(handle.probe()).rejects.toThrow('Preparing the send');
    await trying;
  });

  it('is alive again as soon as it answers', async () => {
    state = never;
    await send();
    state = () => Promise.resolve(null);
    const trying = send();
    await sleep(20);
    await expect(handle.probe()).resolves.toBeUndefined();
    await trying;
  });
});
