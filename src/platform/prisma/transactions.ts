import { Injectable } from '@nestjs/common';

import type { DataOf, DomainEvent, EventDefinition } from '../../kernel/events/event-definition.js';
import { newId } from '../../kernel/ids.js';
import type { Prisma } from '../../generated/prisma/client.js';
import { EventBus } from '../events/event-bus.js';
import { JournalRepository } from '../events/journal.repository.js';
import { toDatabaseError } from './prisma-errors.js';
import { PrismaService } from './prisma.service.js';

/** A running transaction: the client that writes in it, and the events that it will have caused. */
export interface Transaction {
  readonly db: Prisma.TransactionClient;
  /** Puts the event into the journal with this transaction, and emits it once the transaction has committed. */
  record<E extends EventDefinition>(definition: E, sessionId: string | null, data: DataOf<E>): void;
  /** Runs after the commit; not at all when it rolls back. */
  afterCommit(run: () => void): void;
}

/** Runs work in one transaction with the events it causes: both happen, or neither. */
@Injectable()
export class Transactions {
  constructor(
    private readonly prisma: PrismaService,
    private readonly journal: JournalRepository,
    private readonly bus: EventBus,
  ) {}

  async run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const events: DomainEvent[] = [];
    const hooks: (() => void)[] = [];
    let result: T;
    try {
      result = await this.prisma.$transaction(async (db) => {
        const tx: Transaction = {
          db,
          record: (definition, sessionId, data) => {
            events.push({
              id: newId('evt'),
              type: definition.name,
              timestamp: new Date().toISOString(),
              sessionId,
              data,
            });
          },
          afterCommit: (run) => {
            hooks.push(run);
          },
        };
        const value = await work(tx);
        if (events.length > 0) await this.journal.append(events, db);
        return value;
      });
    } catch (error) {
      throw toDatabaseError(error);
    }
    for (const run of hooks) run();
    this.bus.emitCommitted(events);
    return result;
  }
}
