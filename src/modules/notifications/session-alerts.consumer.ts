import { Injectable, type OnModuleInit } from '@nestjs/common';

import type { DataOf, DomainEvent, EventDefinition } from '../../kernel/events/event-definition.js';
import { ConsumerRunner } from '../../platform/events/consumer-runner.js';
import type { DurableConsumer } from '../../platform/events/durable-consumer.js';
import type { Transaction } from '../../platform/prisma/transactions.js';
import {
  SessionAuthFailed,
  SessionDisconnected,
  SessionManuallyDisconnected,
  SessionQrShown,
  SessionReady,
  SessionReconnectExhausted,
  SessionRemovals,
} from '../sessions/index.js';
import { Incidents, type Trouble } from './incidents.js';

/** What an event means here: a trouble, its end, or nothing. */
type Meaning = Omit<Trouble, 'sessionId'> | 'over' | null;

const on = <E extends EventDefinition>(
  event: E,
  meaning: (data: DataOf<E>) => Meaning,
): readonly [EventDefinition, (data: object) => Meaning] => [event, meaning as (data: object) => Meaning];

const MEANINGS = [
  // Whoever asked for the QR is looking at it.
  on(SessionQrShown, ({ requested }) => (requested ? null : { kind: 'qr-needed' })),
  on(SessionAuthFailed, ({ reason }) => ({ kind: 'auth-failed', reason })),
  on(SessionReconnectExhausted, ({ reason }) => ({ kind: 'reconnect-exhausted', reason })),
  on(SessionDisconnected, ({ cause, reason }) => (cause === 'logged-out' ? { kind: 'logged-out', reason } : null)),
  on(SessionManuallyDisconnected, () => 'over'),
  on(SessionReady, () => 'over'),
];

/** Listens for sessions that need somebody. */
@Injectable()
export class SessionAlertsConsumer implements DurableConsumer, OnModuleInit {
  readonly name = 'notifications';
  readonly events = MEANINGS.map(([event]) => event);
  private readonly meanings = new Map(MEANINGS.map(([event, meaning]) => [event.name, meaning]));

  constructor(
    private readonly runner: ConsumerRunner,
    private readonly incidents: Incidents,
    private readonly removals: SessionRemovals,
  ) {}

  onModuleInit(): void {
    this.runner.register(this);
    this.removals.add((sessionId) => this.incidents.removeOfSession(sessionId));
  }

  async consume({ type, sessionId, data }: DomainEvent, tx: Transaction): Promise<void> {
    const meaning = this.meanings.get(type)?.(data) ?? null;
    if (meaning === null || sessionId === null) return;
    if (meaning === 'over') await this.incidents.close(tx, sessionId);
    else await this.incidents.open(tx, { sessionId, ...meaning });
  }
}
