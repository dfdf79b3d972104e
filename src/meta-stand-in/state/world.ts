import { StandInClock } from '../base/clock.js';
import { Random } from '../base/random.js';
import { Ring } from '../base/ring.js';
import { Timers } from '../base/timers.js';
import { Outgoing } from '../http/outgoing.js';
import { type ResolvedOptions } from '../options.js';
import { StatusPlayer } from '../webhooks/status-player.js';
import { WebhookSender } from '../webhooks/webhook-sender.js';
import { type Behaviour, startingBehaviour } from './behaviour.js';
import { digitsOf, Directory } from './directory.js';
import { Faults } from './faults.js';
import { Limits } from './limits.js';
import { MediaStore } from './media-store.js';
import { People, type Person, waIdOf } from './people.js';
import { TemplateStore } from './template-store.js';
import { SentLog } from './sent-log.js';
import { WindowBook } from './window-book.js';

export interface CallRecord {
  readonly method: string;
  readonly path: string;
  readonly operation: string;
  /** 0: nothing was answered. */
  readonly status: number;
  readonly errorCode: number | undefined;
}

/** A message that the business has marked as read, or answers just now. */
export interface ReadMark {
  readonly phoneNumberId: string;
  readonly messageId: string;
  readonly isTyping: boolean;
}

/** Everything the stand-in knows. */
export interface World {
  readonly options: ResolvedOptions;
  readonly behaviour: Behaviour;
  readonly clock: StandInClock;
  readonly random: Random;
  readonly directory: Directory;
  readonly people: People;
  readonly windows: WindowBook;
  readonly limits: Limits;
  readonly faults: Faults;
  readonly media: MediaStore;
  readonly templates: TemplateStore;
  readonly timers: Timers;
  readonly sent: SentLog;
  readonly calls: Ring<CallRecord>;
  readonly readMarks: Ring<ReadMark>;
  readonly outgoing: Outgoing;
  readonly sender: WebhookSender;
  readonly player: StatusPlayer;
  /** Digits of those that may be written to while the list counts. */
  readonly allowedRecipients: Set<string>;
  /** Its own address, once it listens. */
  url: string;
}

export const createWorld = (options: ResolvedOptions): World => {
  const { seed, recordLimit, mediaBytes } = options;
  const clock = new StandInClock();
  const random = new Random(seed);
  const behaviour = startingBehaviour(options.behaviour);
  const seconds = (): number => clock.seconds();
  const nowMs = (): number => clock.nowMs();
  const outgoing = new Outgoing();
  const sender = new WebhookSender({ behaviour, clock, random, outgoing, recordLimit });
  return {
    options,
    behaviour,
    clock,
    random,
    directory: new Directory(options.apps, seconds),
    people: new People(recordLimit),
    windows: new WindowBook(recordLimit, nowMs),
    limits: new Limits(recordLimit, behaviour, nowMs),
    faults: new Faults(random),
    media: new MediaStore(mediaBytes, nowMs),
    templates: new TemplateStore(recordLimit, nowMs),
    timers: new Timers(),
    sent: new SentLog(recordLimit),
    calls: new Ring(recordLimit),
    readMarks: new Ring(recordLimit),
    outgoing,
    sender,
    player: new StatusPlayer({ behaviour, random, sender, seconds }),
    allowedRecipients: new Set(),
    url: '',
  };
};

/** The person behind a number, under the id that WhatsApp has of it. */
export const personOf = ({ people, behaviour }: World, phone: string): Person => {
  const digits = digitsOf(phone);
  return people.get(behaviour.areNumbersRewritten ? waIdOf(digits) : digits);
};

/** Back to how it was at the start, but for the random numbers: an id never comes twice. */
export const resetWorld = (world: World): void => {
  Object.assign(world.behaviour, startingBehaviour(world.options.behaviour));
  for (const part of [world.clock, world.directory, world.limits]) {
    if ('clear' in part) part.clear();
    else part.reset();
  }
  for (const part of [world.people, world.windows, world.faults, world.media, world.sent, world.calls]) part.clear();
  world.templates.clear();
  world.timers.cancelAll();
  world.readMarks.clear();
  world.allowedRecipients.clear();
  world.player.forget();
  world.sender.forget();
  world.outgoing.cut();
};
