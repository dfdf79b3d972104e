import { Injectable, type OnModuleInit } from '@nestjs/common';

import type { DataOf, DomainEvent, EventDefinition } from '../../kernel/events/event-definition.js';
import { maskPhoneNumber } from '../../kernel/phone-number.js';
import { ConsumerRunner } from '../../platform/events/consumer-runner.js';
import type { DurableConsumer } from '../../platform/events/durable-consumer.js';
import type { Transaction } from '../../platform/prisma/transactions.js';
import { type AuditDraft, AuditTrail } from '../audit/index.js';
import {
  SessionAuthenticated,
  SessionAuthFailed,
  SessionDisconnected,
  SessionNumberChanged,
  SessionReady,
  SessionReconnectExhausted,
} from './domain/session.events.js';

type Draft = Pick<AuditDraft, 'action' | 'outcome' | 'detail'>;

/** Null when the act that caused the event has its own entry. */
type Describe<E extends EventDefinition> = (data: DataOf<E>) => Draft | null;

const describe = <E extends EventDefinition>(
  event: E,
  draft: Describe<E>,
): readonly [EventDefinition, Describe<EventDefinition>] => [event, draft];

const DRAFTS = [
  describe(SessionAuthenticated, () => ({ action: 'sessions.authenticated' })),
  describe(SessionReady, ({ phone }) => ({ action: 'sessions.ready', detail: { phone: maskPhoneNumber(phone) } })),
  describe(SessionAuthFailed, ({ reason }) => ({
    action: 'sessions.auth-failure',
    outcome: 'failure',
    detail: { reason },
  })),
  describe(SessionDisconnected, ({ reason, cause }) =>
    cause === 'manual' ? null : { action: 'sessions.disconnected', outcome: 'failure', detail: { reason, cause } },
  ),
  describe(SessionReconnectExhausted, ({ attempts, reason }) => ({
    action: 'sessions.reconnect-exhausted',
    outcome: 'failure',
    detail: { attempts, reason },
  })),
  describe(SessionNumberChanged, ({ accepted }) => ({
    action: 'sessions.number-changed',
    outcome: accepted ? 'success' : 'denied',
    detail: { accepted },
  })),
];

/** Copies what a session did by itself into the trail; what somebody asked for is written by the act. */
@Injectable()
export class SessionAuditConsumer implements DurableConsumer, OnModuleInit {
  readonly name = 'audit';
  readonly events = DRAFTS.map(([event]) => event);
  private readonly drafts = new Map(DRAFTS.map(([event, draft]) => [event.name, draft]));

  constructor(
    private readonly runner: ConsumerRunner,
    private readonly audit: AuditTrail,
  ) {}

  onModuleInit(): void {
    this.runner.register(this);
  }

  async consume({ id, type, timestamp, sessionId, data }: DomainEvent, tx: Transaction): Promise<void> {
    const draft = this.drafts.get(type)?.(data);
    if (!draft) return;
    await this.audit.record(tx, {
      ...draft,
      ...(sessionId === null ? {} : { target: sessionId }),
      detail: { ...draft.detail, eventId: id, occurredAt: timestamp },
    });
  }
}
