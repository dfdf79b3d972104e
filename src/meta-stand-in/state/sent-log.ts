import { type Json } from '../base/json.js';
import { Ring } from '../base/ring.js';
import { type PhoneNumber } from './directory.js';
import { type Person } from './people.js';

/** A message that was taken: the caller may have been told so or not. */
export interface SentMessage {
  readonly id: string;
  readonly number: PhoneNumber;
  readonly person: Person;
  /** As the caller wrote it. */
  readonly to: string;
  readonly isToUserId: boolean;
  readonly type: string;
  /** As pricing calls it: service, or the category of the template. */
  readonly category: string;
  readonly opaque: string | undefined;
  readonly takenMs: number;
  readonly wasWindowOpen: boolean;
  /** The person came from an ad, and everything is free for a while. */
  readonly isFreeEntry: boolean;
  readonly request: Json;
  /** Told so far, in this order. */
  readonly statuses: string[];
}

export interface SentFilter {
  readonly opaque?: string | undefined;
  readonly id?: string | undefined;
  readonly to?: string | undefined;
  readonly type?: string | undefined;
  readonly phoneNumberId?: string | undefined;
}

export class SentLog {
  private readonly ring: Ring<SentMessage>;

  constructor(limit: number) {
    this.ring = new Ring(limit);
  }

  get total(): number {
    return this.ring.total;
  }

  add(message: SentMessage): void {
    this.ring.add(message);
  }

  find(filter: SentFilter): SentMessage[] {
    const wanted: readonly (readonly [string | undefined, (message: SentMessage) => string | undefined])[] = [
      [filter.opaque, ({ opaque }) => opaque],
      [filter.id, ({ id }) => id],
      [filter.type, ({ type }) => type],
      [filter.phoneNumberId, ({ number }) => number.id],
    ];
    return this.ring
      .all()
      .filter(
        (message) =>
          wanted.every(([value, read]) => value === undefined || read(message) === value) &&
          (filter.to === undefined || [message.to, message.person.waId, message.person.userId].includes(filter.to)),
      );
  }

  clear(): void {
    this.ring.clear();
  }
}
