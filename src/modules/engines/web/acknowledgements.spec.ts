import { Acknowledgements, levelOf } from './acknowledgements.js';

describe(Acknowledgements.name, () => {
  it('gives what arrived before anybody waited', async () => {
    const acks = new Acknowledgements();
    acks.arrived('a', 'SENT');
    await expect(acks.wait('a', 1_000)).resolves.toBe('SENT');
  });

  it('wakes all who wait for this message, and nobody else', async () => {
    const acks = new Acknowledgements();
    const waiting = [acks.wait('a', 1_000), acks.wait('a', 1_000)];
    const other = acks.wait('b', 30);
    acks.arrived('a', 'FAILED');
    await expect(Promise.all(waiting)).resolves.toEqual(['FAILED', 'FAILED']);
    await expect(other).resolves.toBeNull();
  });

  it('forgets the oldest instead of growing', async () => {
    const acks = new Acknowledgements();
    for (let n = 0; n <= 2_000; n += 1) acks.arrived(String(n), 'SENT');
    await expect(acks.wait('0', 5)).resolves.toBeNull();
    await expect(acks.wait('1', 5)).resolves.toBe('SENT');
  });

  it.each([
    [-1, 'FAILED'],
    [0, null],
    [1, 'SENT'],
    [2, 'DELIVERED'],
    [3, 'READ'],
    [4, 'PLAYED'],
    [5, null],
  ])('reads the count %i as %s', (count, level) => {
    expect(levelOf(count)).toBe(level);
  });
});
