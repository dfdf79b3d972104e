import { type StandInClock } from '../base/clock.js';
import { type Random } from '../base/random.js';
import { Ring } from '../base/ring.js';
import { Timers } from '../base/timers.js';
import { WaitingLine } from '../base/waiting-line.js';
import { type Outgoing } from '../http/outgoing.js';
import { type Behaviour } from '../state/behaviour.js';
import { type Callback } from '../state/directory.js';
import { buildNotification, type Update } from './notification.js';
import { signatureOf, writeNotification } from './signature.js';

/** A notification on its way: its bytes stay the same when it is sent again. */
interface Notification {
  readonly id: number;
  readonly callback: Callback;
  readonly body: Buffer;
  readonly signature: string | undefined;
  readonly updates: number;
  readonly firstMs: number;
  attempts: number;
}

export interface DeliveryRecord {
  readonly id: number;
  readonly url: string;
  readonly attempt: number;
  /** 0: no answer. */
  readonly status: number;
  readonly updates: number;
  readonly tookMs: number;
  readonly body: string;
}

export interface WebhookCounts {
  readonly taken: number;
  readonly refused: number;
  readonly givenUp: number;
  /** Updates that nobody was told: no callback, not subscribed, or too many waiting. */
  readonly untold: number;
  readonly waiting: number;
}

const BODY_EXCERPT = 4096;

export interface SenderTools {
  readonly behaviour: Behaviour;
  readonly clock: StandInClock;
  readonly random: Random;
  readonly outgoing: Outgoing;
  readonly recordLimit: number;
}

/** Takes updates to the callbacks: gathered, signed, again and again until they are answered with exactly 200. */
export class WebhookSender {
  readonly records: Ring<DeliveryRecord>;
  private readonly timers = new Timers();
  private readonly gathering = new Map<string, { readonly callback: Callback; readonly updates: Update[] }>();
  private readonly queue = new WaitingLine<Notification>();
  private sending = 0;
  private nextId = 1;
  private counts = { taken: 0, refused: 0, givenUp: 0, untold: 0 };
  /** What is on its way when everything is forgotten must not come back. */
  private generation = 0;

  constructor(private readonly tools: SenderTools) {
    this.records = new Ring(tools.recordLimit);
  }

  tell(update: Update): void {
    const callback = callbackOf(update);
    if (callback === undefined || this.queue.length >= this.settings.maxPending) {
      this.counts.untold += 1;
      return;
    }
    const key = `${callback.url} ${update.account.app.id}`;
    const gathered = this.gathering.get(key) ?? { callback, updates: [] };
    gathered.updates.push(update);
    if (gathered.updates.length === 1) {
      this.gathering.set(key, gathered);
      if (this.settings.gatherMs > 0)
        this.timers.after(this.settings.gatherMs, () => {
          this.release(key);
        });
    }
    if (this.settings.gatherMs === 0 || gathered.updates.length >= this.settings.maxUpdates) this.release(key);
  }

  /** Sends bytes as they are: what no real notification looks like can be tried, too. */
  tellRaw(callback: Callback, body: Buffer, signature: string | undefined): void {
    this.enqueue({ callback, body, signature, updates: 1 });
  }

  /** After settings have changed. */
  wake(): void {
    while (!this.settings.isPaused && this.sending < this.settings.concurrency && this.queue.length > 0) {
      const at = this.settings.isShuffled ? this.tools.random.below(this.queue.length) : 0;
      const notification = this.queue.take(at);
      if (notification !== undefined) void this.deliver(notification);
    }
  }

  count(): WebhookCounts {
    return { ...this.counts, waiting: this.queue.length + this.sending + this.timers.pending };
  }

  forget(): void {
    this.generation += 1;
    this.timers.cancelAll();
    this.gathering.clear();
    this.queue.clear();
    this.sending = 0;
    this.counts = { taken: 0, refused: 0, givenUp: 0, untold: 0 };
    this.records.clear();
  }

  private get settings(): Behaviour['webhook'] {
    return this.tools.behaviour.webhook;
  }

  private release(key: string): void {
    const gathered = this.gathering.get(key);
    this.gathering.delete(key);
    const [first] = gathered?.updates ?? [];
    if (gathered === undefined || first === undefined) return;
    const { callback } = gathered;
    const updates = this.settings.isShuffled ? this.tools.random.shuffled(gathered.updates) : gathered.updates;
    const body = writeNotification(buildNotification(updates, this.settings.shape), this.settings.isEscaped);
    const signature = signatureOf(body, first.account.app.secret);
    this.enqueue({ callback, body, signature, updates: updates.length });
  }

  private enqueue(made: Pick<Notification, 'callback' | 'body' | 'signature' | 'updates'>): void {
    this.queue.push({ ...made, id: this.nextId, firstMs: this.tools.clock.nowMs(), attempts: 0 });
    this.nextId += 1;
    this.wake();
  }

  private async deliver(notification: Notification): Promise<void> {
    const { generation } = this;
    this.sending += 1;
    notification.attempts += 1;
    const beganMs = Date.now();
    const status = await this.post(notification);
    if (generation !== this.generation) return;
    this.sending -= 1;
    const { id, callback, attempts, updates, body } = notification;
    const excerpt = body.toString('utf8', 0, BODY_EXCERPT);
    const tookMs = Date.now() - beganMs;
    this.records.add({ id, url: callback.url, attempt: attempts, status, updates, tookMs, body: excerpt });
    this.settle(notification, status);
    this.wake();
  }

  private async post({ callback, body, signature }: Notification): Promise<number> {
    try {
      const { status } = await this.tools.outgoing.send({
        method: 'POST',
        url: callback.url,
        headers: {
          'content-type': 'application/json',
          'user-agent': 'facebookexternalua',
          ...(signature === undefined ? {} : { 'x-hub-signature-256': signature }),
        },
        body,
        timeoutMs: this.settings.timeoutMs,
      });
      return status;
    } catch {
      return 0;
    }
  }

  private settle(notification: Notification, status: number): void {
    const { settings } = this;
    if (status === 200) {
      this.counts.taken += 1;
      if (this.tools.random.chance(settings.duplicateProbability)) this.enqueue(notification);
      return;
    }
    this.counts.refused += 1;
    const waitMs = Math.min(
      settings.retryMaxMs,
      settings.retryFirstMs * settings.retryFactor ** (notification.attempts - 1),
    );
    if (this.tools.clock.nowMs() - notification.firstMs + waitMs > settings.giveUpAfterMs) {
      this.counts.givenUp += 1;
      return;
    }
    this.timers.after(waitMs, () => {
      this.queue.push(notification);
      this.wake();
    });
  }
}

/** The number's own callback, else the account's, else the app's; the first two for messages alone ("Webhook overrides"). */
const callbackOf = ({ account, number, field }: Update): Callback | undefined => {
  if (!account.isSubscribed) return undefined;
  const override = field === 'messages' ? (number?.override ?? account.override) : undefined;
  return override ?? account.app.callback;
};
