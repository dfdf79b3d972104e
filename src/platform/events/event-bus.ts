import { Injectable, Logger } from '@nestjs/common';
import { EventEmitter2, OnEvent } from '@nestjs/event-emitter';

import type { DomainEvent, EventDefinition } from '../../kernel/events/event-definition.js';

/** Emitted once after each commit that recorded events, with their names: wakes the readers of the journal. */
const JOURNAL_GREW = 'journal.grew';

/**
 * In-process notifications. A listener that throws is logged and forgotten by `@nestjs/event-emitter`, and a crash
 * loses what was not delivered: what must happen reads the journal (`DurableConsumer`) instead.
 */
@Injectable()
export class EventBus {
  private readonly logger = new Logger(EventBus.name);

  constructor(private readonly emitter: EventEmitter2) {}

  /** For the transaction runner: these events are in the journal and the transaction has committed. */
  emitCommitted(events: readonly DomainEvent[]): void {
    for (const event of events) this.emit(event.type, event);
    if (events.length > 0) this.emit(JOURNAL_GREW, new Set(events.map(({ type }) => type)));
  }

  /** A listener that throws or rejects must not make a transaction that has committed look as if it had failed. */
  private emit(name: string, payload: unknown): void {
    const tell = (error: unknown): void => {
      this.logger.error({ err: error, event: name }, 'a listener of an event has failed');
    };
    try {
      this.emitter.emitAsync(name, payload).catch(tell);
    } catch (error) {
      tell(error);
    }
  }
}

/** `@OnDomainEvent(SessionReady)`: the compiler checks the parameter of the handler. */
export const OnDomainEvent =
  <E extends EventDefinition>(definition: E) =>
  <T extends (event: DomainEvent<E>) => void | Promise<void>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<T>,
  ): void => {
    OnEvent(definition.name)(target, key, descriptor);
  };

/** Marks the method that is told, after each commit that recorded events, the names of those events. */
export const OnJournalGrew =
  () =>
  <T extends (names: ReadonlySet<string>) => void>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<T>,
  ): void => {
    OnEvent(JOURNAL_GREW)(target, key, descriptor);
  };
