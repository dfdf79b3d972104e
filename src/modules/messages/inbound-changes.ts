import { Injectable } from '@nestjs/common';

import { type Transaction, Transactions } from '../../platform/prisma/transactions.js';
import type { InboundChange } from '../engines/index.js';
import { StopWords } from '../opt-outs/index.js';
import { CallReceived, MessageEdited, MessageReacted, MessageRevoked } from './domain/message.events.js';
import { toStorableText } from './domain/message-text.js';
import { InboundChangesRepository } from './inbound-changes.repository.js';

/** Calls that an engine may tell more than once; one that rings longer than these many others is told again. */
const REMEMBERED_CALLS = 1000;

/** Edits, revocations, reactions and calls of contacts: each is told once. */
@Injectable()
export class InboundChanges {
  private readonly calls = new Set<string>();

  constructor(
    private readonly changes: InboundChangesRepository,
    private readonly stopWords: StopWords,
    private readonly transactions: Transactions,
  ) {}

  async store(sessionId: string, change: InboundChange): Promise<void> {
    if (change.kind === 'called' && !this.isNewCall(`${sessionId} ${change.callId}`)) return;
    await this.transactions.run((tx) => this.apply(sessionId, change, tx));
  }

  private async apply(sessionId: string, change: InboundChange, tx: Transaction): Promise<void> {
    if (change.kind === 'called') {
      const { callId, from, isVideo, isGroup } = change;
      tx.record(CallReceived, sessionId, { callId, from: toStorableText(from), isVideo, isGroup });
      return;
    }
    const { providerMessageId, at } = change;
    const key = { sessionId, providerMessageId };
    if (change.kind === 'revoked') {
      const messageId = await this.changes.revoke(key, at, tx.db);
      if (messageId !== null) tx.record(MessageRevoked, sessionId, { messageId });
      return;
    }
    if (change.kind === 'edited') {
      const text = toStorableText(change.text);
      const edited = await this.changes.edit(key, text, at, tx.db);
      if (edited === null) return;
      tx.record(MessageEdited, sessionId, { messageId: edited.id, text });
      // Somebody may make a STOP of a slip of the pen.
      if (edited.writtenBy !== null) await this.stopWords.apply(tx, [{ sessionId, from: edited.writtenBy, text }]);
      return;
    }
    const from = toStorableText(change.from);
    const emoji = toStorableText(change.emoji);
    const messageId = await this.changes.react(key, { from, emoji, at }, tx.db);
    if (messageId !== null) tx.record(MessageReacted, sessionId, { messageId, from, emoji });
  }

  private isNewCall(call: string): boolean {
    if (this.calls.has(call)) return false;
    if (this.calls.size >= REMEMBERED_CALLS) this.calls.clear();
    this.calls.add(call);
    return true;
  }
}
