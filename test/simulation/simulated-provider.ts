import type { AckLevel, SendCommand } from '../../src/modules/engines/engine.port.js';
import {
  SendDeferredError,
  SendRefusedError,
  type SentMessage,
  SessionNotConnectedError,
} from '../../src/modules/engines/index.js';
import type { Random } from '../faults/crash/random.js';
import type { Owner, VirtualClock } from './virtual-clock.js';

/** What becomes of a send at the provider, and what the sender hears of it. */
type Fate =
  | 'answered'
  | 'refused'
  | 'deferred'
  | 'not-connected'
  | 'answer-lost'
  | 'failed-before'
  | 'silent-but-arrived'
  | 'silent'
  | 'late';

const FATES: readonly [Fate, ...Fate[]] = [
  ...(['answered', 'answered', 'answered', 'answered', 'answered', 'answered', 'answered'] as const),
  ...(['refused', 'deferred', 'not-connected', 'answer-lost', 'failed-before'] as const),
  ...(['silent-but-arrived', 'silent', 'late'] as const),
];
const LATE_MS = 4000;

export interface Arrival {
  readonly messageId: string;
  readonly providerMessageId: string;
  level: 'SENT' | 'DELIVERED' | 'READ';
}

export type Acknowledge = (ack: Pick<Arrival, 'providerMessageId' | 'level'>) => void;

/** WhatsApp: what reaches it counts, whatever the sender hears of it. */
export class SimulatedProvider {
  readonly arrivals: Arrival[] = [];
  /** In the order in which the engine was called. */
  readonly calls: { readonly messageId: string; readonly attempt: number }[] = [];
  /** Messages of which it has said that it will not take them, or that they have failed. */
  readonly failed = new Set<string>();
  isHealed = false;
  private named = 0;

  constructor(
    private readonly clock: VirtualClock,
    private readonly random: Random,
    private readonly acknowledge: Acknowledge,
  ) {}

  newMessageId(): string {
    this.named += 1;
    return `3EB0${String(this.named)}`;
  }

  send(owner: Owner, command: SendCommand): Promise<SentMessage> {
    const { messageId, attempt, providerMessageId } = command;
    if (providerMessageId === null) return Promise.reject(new Error('Every try has an id of its own.'));
    this.calls.push({ messageId, attempt });
    const fate = this.isHealed ? 'answered' : this.random.pick(FATES);
    return new Promise<SentMessage>((resolve, reject) => {
      this.clock.plan(
        this.random.between(1, 60),
        () => {
          if (['answered', 'answer-lost', 'silent-but-arrived', 'late'].includes(fate)) {
            this.arrive({ messageId, providerMessageId, level: 'SENT' });
          }
          if (fate === 'refused') this.failed.add(messageId);
          const error = this.errorOf(fate);
          if (fate.startsWith('silent')) return;
          const inMs = fate === 'late' ? LATE_MS : this.random.between(0, 30);
          this.clock.plan(
            inMs,
            () => {
              if (error) reject(error);
              else resolve({ providerMessageId });
            },
            owner,
          );
        },
        null,
      );
    });
  }

  find(providerMessageId: string): AckLevel | null {
    return this.arrivals.find((arrival) => arrival.providerMessageId === providerMessageId)?.level ?? null;
  }

  private errorOf(fate: Fate): Error | null {
    if (fate === 'refused') return new SendRefusedError('not-on-whatsapp', 'Not there.');
    if (fate === 'deferred') return new SendDeferredError('busy', 'Busy.');
    if (fate === 'not-connected') return new SessionNotConnectedError('away', 'Away.');
    return fate === 'answer-lost' || fate === 'failed-before' ? new Error('The page went away.') : null;
  }

  private arrive(arrival: Arrival): void {
    this.arrivals.push(arrival);
    const { providerMessageId } = arrival;
    const tell = (level: 'SENT' | 'DELIVERED' | 'READ', inMs: number): void => {
      this.clock.plan(
        inMs,
        () => {
          if (level !== 'SENT' && arrival.level !== 'READ') arrival.level = level;
          this.acknowledge({ providerMessageId, level });
        },
        null,
      );
    };
    const isUnreachable = !this.isHealed && this.random.isBelow(0.2);
    if (isUnreachable) return;
    tell('SENT', this.random.between(0, 200));
    tell('DELIVERED', this.random.between(0, 1000));
    if (this.random.isBelow(0.6)) tell('READ', this.random.between(0, 2000));
    if (this.random.isBelow(0.3)) tell('DELIVERED', this.random.between(0, 2000));
  }
}
