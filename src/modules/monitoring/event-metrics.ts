import { Injectable } from '@nestjs/common';

import type { DomainEvent } from '../../kernel/events/event-definition.js';
import { OnDomainEvent } from '../../platform/events/event-bus.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import {
  MessageAcknowledged,
  MessageFailed,
  MessageReceived,
  MessageSent,
  MessageUncertain,
} from '../messages/index.js';
import {
  SessionAuthFailed,
  SessionDisconnected,
  SessionQrShown,
  SessionReady,
  SessionReconnectExhausted,
  SessionReconnecting,
} from '../sessions/index.js';

/** Counts what happened to messages and sessions in this process. A count may miss the last moment before a crash. */
@Injectable()
export class EventMetrics {
  private readonly messages;
  private readonly sessions;

  constructor(metrics: Metrics) {
    this.messages = metrics.counter<'event'>({
      name: 'waypost_message_events_total',
      help: 'What happened to messages: sent, acknowledged, failed, uncertain or received.',
      labelNames: ['event'],
    });
    this.sessions = metrics.counter<'event'>({
      name: 'waypost_session_events_total',
      help: 'What happened to sessions.',
      labelNames: ['event'],
    });
  }

  @OnDomainEvent(MessageSent)
  sent(): void {
    this.messages.inc({ event: 'sent' });
  }

  @OnDomainEvent(MessageAcknowledged)
  acknowledged({ data }: DomainEvent<typeof MessageAcknowledged>): void {
    this.messages.inc({ event: data.status.toLowerCase() });
  }

  @OnDomainEvent(MessageFailed)
  failed(): void {
    this.messages.inc({ event: 'failed' });
  }

  @OnDomainEvent(MessageUncertain)
  uncertain(): void {
    this.messages.inc({ event: 'uncertain' });
  }

  @OnDomainEvent(MessageReceived)
  received(): void {
    this.messages.inc({ event: 'received' });
  }

  @OnDomainEvent(SessionReady)
  @OnDomainEvent(SessionQrShown)
  @OnDomainEvent(SessionAuthFailed)
  @OnDomainEvent(SessionDisconnected)
  @OnDomainEvent(SessionReconnecting)
  @OnDomainEvent(SessionReconnectExhausted)
  session({ type }: DomainEvent): void {
    this.sessions.inc({ event: type.replace('whatsapp.', '') });
  }
}
