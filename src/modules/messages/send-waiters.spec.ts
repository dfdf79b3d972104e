import { SendWaiters } from './send-waiters.js';

const sent = { status: 'SENT', error: null, reason: null } as const;

describe(SendWaiters.name, () => {
  it('answers everybody who waits for the same message', async () => {
    const waiters = new SendWaiters();
    const both = [waiters.listen('msg_1').within(1000), waiters.listen('msg_1').within(1000)];
    waiters.settle('msg_1', sent);
    await expect(Promise.all(both)).resolves.toEqual([sent, sent]);
  });

  it('keeps what came between listening and waiting', async () => {
    const waiters = new SendWaiters();
    const listening = waiters.listen('msg_1');
    waiters.settle('msg_1', sent);
    await expect(listening.within(0)).resolves.toEqual(sent);
  });

  it('answers null when time is up, and does not take the others with it', async () => {
    const waiters = new SendWaiters();
    const patient = waiters.listen('msg_1').within(1000);
    await expect(waiters.listen('msg_1').within(1)).resolves.toBeNull();
    waiters.settle('msg_1', sent);
    await expect(patient).resolves.toEqual(sent);
  });

  it('does not take a return to the queue for an answer', async () => {
    const waiters = new SendWaiters();
    const waiting = waiters.listen('msg_1').within(5);
    waiters.settle('msg_1', { ...sent, status: 'QUEUED' });
    await expect(waiting).resolves.toBeNull();
  });
});
