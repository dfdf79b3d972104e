import { SessionGate } from './session-gate.js';

describe(SessionGate.name, () => {
  it('runs one piece of work of a session at a time, in order, and goes on after a failure', async () => {
    const gate = new SessionGate();
    const log: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      log.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      log.push(`${name} ends`);
      if (name === 'a') throw new Error('a fails');
    };
    const results = await Promise.allSettled([gate.run('one', work('a')), gate.run('one', work('b'))]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('lets sessions not wait for each other', async () => {
    const gate = new SessionGate();
    const never = gate.run('one', () => new Promise<void>(() => undefined));
    await expect(gate.run('two', () => Promise.resolve('done'))).resolves.toBe('done');
    expect(never).toBeInstanceOf(Promise);
  });
});
