/** Something took longer than it may; what it was doing is unknown. */
export class DeadlineError extends Error {
  constructor(what: string, timeoutMs: number) {
    super(`${what} took longer than ${String(timeoutMs)} ms.`);
    this.name = DeadlineError.name;
  }
}

/** Waits no longer than this; a result that comes later changes nothing, and its failure is nobody's. */
export const within = async <T>(timeoutMs: number, what: string, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new DeadlineError(what, timeoutMs));
    }, timeoutMs);
  });
  // The race may be lost by the work: without this its rejection would end the process.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** whatsapp-web.js throws strings, too. */
export const toError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
