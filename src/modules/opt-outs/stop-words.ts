import { Injectable } from '@nestjs/common';

import { maskPhoneNumber } from '../../kernel/phone-number.js';
import type { Transaction } from '../../platform/prisma/transactions.js';
import { AuditTrail } from '../audit/index.js';
import { OptedIn, OptedOut } from './domain/opt-out.events.js';
import { readStopWord } from './domain/stop-words.js';
import { OptOutRepository } from './opt-out.repository.js';

interface ReceivedText {
  readonly sessionId: string;
  readonly from: string;
  readonly text: string;
}

const BY_CONTACT = 'stop-word';

/** Honours words such as STOP in the transaction that stores them: no message can slip in between. */
@Injectable()
export class StopWords {
  constructor(
    private readonly optOuts: OptOutRepository,
    private readonly audit: AuditTrail,
  ) {}

  /** In the order in which they were written: the last word of a contact counts. */
  async apply(tx: Transaction, received: readonly ReceivedText[]): Promise<void> {
    for (const { sessionId, from, text } of received) {
      const word = readStopWord(text);
      if (word === 'stop') await this.stop(tx, sessionId, from);
      if (word === 'start') await this.start(tx, sessionId, from);
    }
  }

  private async stop(tx: Transaction, sessionId: string, phone: string): Promise<void> {
    const wish = { phone, sessionId, source: BY_CONTACT, reason: 'The contact has asked for it.', createdBy: null };
    const [added] = await this.optOuts.add([{ ...wish, source: BY_CONTACT }], tx.db);
    if (added === undefined) return;
    tx.record(OptedOut, sessionId, { phone, source: BY_CONTACT });
    await this.write(tx, 'opt-outs.create', added.id, { sessionId, phone });
  }

  private async start(tx: Transaction, sessionId: string, phone: string): Promise<void> {
    const removed = await this.optOuts.removeOf([phone], sessionId, tx.db);
    if (removed.length === 0) return;
    tx.record(OptedIn, sessionId, { phone, source: BY_CONTACT });
    await this.write(tx, 'opt-outs.delete', null, { sessionId, phone });
  }

  private async write(
    tx: Transaction,
    action: string,
    target: string | null,
    { sessionId, phone }: { readonly sessionId: string; readonly phone: string },
  ): Promise<void> {
    const detail = { sessionId, phone: maskPhoneNumber(phone), source: BY_CONTACT };
    await this.audit.record(tx, { action, ...(target !== null && { target }), detail });
  }
}
