import { randomBytes } from 'node:crypto';

const FIRST_MS = 60_000;
const NEXT_MS = 20_000;
const CODES = 6;

/** Shows codes as WhatsApp does: one for 60 s, then one every 20 s, six in all; then none until it is asked. */
export class SandboxQr {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly sessionId: string,
    private readonly show: (text: string) => void,
  ) {}

  renew(): void {
    this.stop();
    this.next(CODES);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private next(left: number): void {
    if (left === 0) return;
    this.show(`2@sandbox,${this.sessionId},${randomBytes(32).toString('base64url')}`);
    this.timer = setTimeout(
      () => {
        this.next(left - 1);
      },
      left === CODES ? FIRST_MS : NEXT_MS,
    );
  }
}
