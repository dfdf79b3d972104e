import { Injectable } from '@nestjs/common';

import { newId } from '../../kernel/ids.js';
import { type Transaction, Transactions } from '../../platform/prisma/transactions.js';
import { Administrators } from '../identity/index.js';
import { describeIncident, EXPLAINS_QR, type IncidentKind } from './domain/incident.js';
import { IncidentRepository } from './incident.repository.js';
import { NotificationMails } from './notification-mails.js';
import { NotificationRepository } from './notification.repository.js';

export interface Trouble {
  readonly sessionId: string;
  readonly kind: IncidentKind;
  readonly reason?: string;
}

/** Opens and closes the incidents of sessions, and tells every administrator once about each. */
@Injectable()
export class Incidents {
  constructor(
    private readonly incidents: IncidentRepository,
    private readonly notifications: NotificationRepository,
    private readonly administrators: Administrators,
    private readonly mails: NotificationMails,
    private readonly transactions: Transactions,
  ) {}

  /** Does nothing while an incident of this kind is open, or one that explains it. */
  async open(tx: Transaction, { sessionId, kind, reason }: Trouble): Promise<void> {
    if (kind === 'qr-needed' && (await this.incidents.isAnyOpen(sessionId, EXPLAINS_QR, tx.db))) return;
    const incidentId = await this.incidents.open(sessionId, kind, tx.db);
    if (incidentId === null) return;
    const alert = describeIncident(kind, sessionId, reason);
    const administrators = await this.administrators.findAll(tx.db);
    const told = administrators.map(({ id }) => ({
      id: newId('ntf'),
      userId: id,
      incidentId,
      kind,
      sessionId,
      ...alert,
    }));
    await this.notifications.createAll(told, tx.db);
    await this.mails.enqueue(
      tx,
      told.map(({ id }) => id),
    );
  }

  /** The session works again, or somebody took it in hand: the next trouble is a new one. */
  async close(tx: Transaction, sessionId: string): Promise<void> {
    await this.incidents.closeAll(sessionId, tx.db);
  }

  /** The session is no more, and what was told about it goes with it. */
  async removeOfSession(sessionId: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      await this.notifications.removeOfSession(sessionId, tx.db);
      await this.incidents.removeOfSession(sessionId, tx.db);
    });
  }
}
