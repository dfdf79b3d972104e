import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `look` answers something truthy and hands it back; what it answered last is in the error otherwise. */
export const eventually = async <T>(look: () => T | Promise<T>, timeoutMs = 10_000): Promise<NonNullable<T>> => {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (performance.now() > deadline) throw new Error(`Not within ${String(timeoutMs)} ms: ${JSON.stringify(seen)}`);
    await sleep(20);
  }
};

/** Repeats the expectations until they hold; throws what the last try threw. */
export const eventuallyPasses = async (check: () => void | Promise<void>, timeoutMs = 10_000): Promise<void> => {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(20);
    }
  }
};
