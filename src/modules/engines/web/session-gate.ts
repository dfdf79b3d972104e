/** One start or stop of a session at a time: whatsapp-web.js ignores a stop during a start and leaves the browser. */
export class SessionGate {
  private readonly tails = new Map<string, Promise<unknown>>();

  run<T>(sessionId: string, work: () => Promise<T>): Promise<T> {
    const before = this.tails.get(sessionId) ?? Promise.resolve();
    const result = before.then(work);
    const tail = result
      .catch(() => undefined)
      .then(() => {
        if (this.tails.get(sessionId) === tail) this.tails.delete(sessionId);
      });
    this.tails.set(sessionId, tail);
    return result;
  }
}
