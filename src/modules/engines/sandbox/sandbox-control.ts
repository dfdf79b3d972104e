import { Injectable } from '@nestjs/common';

import { maskPhoneNumber, parsePhoneNumber, type PhoneNumber } from '../../../kernel/phone-number.js';
import { Transactions } from '../../../platform/prisma/transactions.js';
import { canSee, type Principal } from '../../access/index.js';
import { AuditTrail } from '../../audit/index.js';
import type { Group, InboundChange, InboundMessage, LossCause } from '../engine.port.js';
import { DEFAULT_SANDBOX_PHONE } from './recipient-outcome.js';
import type { SandboxAction, SandboxHandle } from './sandbox.handle.js';
import type { WrittenMessage } from './sandbox-inbox.js';
import type { GroupWish } from './sandbox-people.js';
import type { SandboxBehaviour } from './sandbox-sender.js';
import { SandboxNotOpenError, SandboxStateError } from './sandbox.errors.js';
import { SandboxPhones } from './sandbox-phones.js';
import { SandboxRepository, type StoredArrival } from './sandbox.repository.js';

const LEVEL_OF = { SENT: 1, DELIVERED: 2, READ: 3, PLAYED: 4, FAILED: null } as const;

const CHANGE_ACTIONS: Readonly<Record<InboundChange['kind'], string>> = {
  edited: 'sandbox.edit',
  revoked: 'sandbox.revoke',
  reacted: 'sandbox.reaction',
  called: 'sandbox.call',
};

/** One of several: under an id of its own. */
const numbered = ({ id, ...message }: WrittenMessage, number: number): WrittenMessage =>
  id === undefined ? message : { ...message, id: number === 1 ? id : `${id}-${String(number)}` };

/** Plays the phone and the contacts of a sandbox session. */
@Injectable()
export class SandboxControl {
  constructor(
    private readonly phones: SandboxPhones,
    private readonly repository: SandboxRepository,
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
  ) {}

  async scan(sessionId: string, principal: Principal, phone: string | undefined): Promise<PhoneNumber> {
    const handle = this.open(sessionId, principal);
    if (handle.isLinked) throw new SandboxStateError('The session is linked already: no code is shown.');
    const number = phone === undefined ? DEFAULT_SANDBOX_PHONE : parsePhoneNumber(phone);
    if (number === null) throw new SandboxStateError('The phone is not a valid number.');
    await this.write('sandbox.scan', sessionId, { phone: maskPhoneNumber(number) });
    await handle.scan(number);
    return number;
  }

  /** The owner types a pairing code into the pretend phone. */
  async pair(sessionId: string, principal: Principal, code: string): Promise<void> {
    const handle = this.open(sessionId, principal);
    await this.write('sandbox.pair', sessionId, {});
    if (!(await handle.pair(code))) throw new SandboxStateError('The session has asked for no such code.');
  }

  /** What was handed over; nothing when the session is away: the pretend phone keeps it, and hands it over later. */
  async receive(
    sessionId: string,
    principal: Principal,
    { written, count }: { readonly written: WrittenMessage; readonly count: number },
  ): Promise<readonly InboundMessage[]> {
    if (!canSee(principal, sessionId)) throw new SandboxNotOpenError(sessionId);
    if (this.phones.find(sessionId) === undefined && (await this.repository.findPhone(sessionId)) === null) {
      throw new SandboxNotOpenError(sessionId);
    }
    const from = maskPhoneNumber(written.from);
    await this.write('sandbox.receive', sessionId, { from, type: written.type, count });
    const delivered: InboundMessage[] = [];
    for (let number = 1; number <= count; number += 1) {
      const message = await this.deliver(sessionId, numbered(written, number));
      if (message !== null) delivered.push(message);
    }
    return delivered;
  }

  /** A contact edits, revokes or reacts, or calls. */
  async change(sessionId: string, principal: Principal, change: InboundChange): Promise<void> {
    const handle = this.linked(sessionId, principal);
    await this.write(CHANGE_ACTIONS[change.kind], sessionId, {});
    await handle.change(change);
  }

  /** Somebody makes a group with the linked number. */
  async addGroup(sessionId: string, principal: Principal, wish: GroupWish): Promise<Group> {
    const handle = this.linked(sessionId, principal);
    await this.write('sandbox.group', sessionId, { participants: wish.participants.length });
    return handle.addGroup(wish);
  }

  /** What was done that leaves no message, newest first. */
  actions(sessionId: string, principal: Principal): readonly SandboxAction[] {
    return [...this.open(sessionId, principal).actions].reverse();
  }

  async acknowledge(
    sessionId: string,
    principal: Principal,
    { messageId, status }: { readonly messageId: string; readonly status: keyof typeof LEVEL_OF },
  ): Promise<void> {
    const handle = this.open(sessionId, principal);
    const arrival = await this.repository.findByMessage(sessionId, messageId);
    if (arrival === null) throw new SandboxStateError('No such message has reached the sandbox.');
    await this.write('sandbox.ack', sessionId, { messageId, status });
    const level = LEVEL_OF[status];
    if (level === null) await handle.acks.fail(arrival.providerMessageId);
    else await handle.acks.acknowledge(arrival.providerMessageId, level);
  }

  async disconnect(sessionId: string, principal: Principal, cause: LossCause): Promise<void> {
    const handle = this.open(sessionId, principal);
    await this.write('sandbox.disconnect', sessionId, { cause });
    await handle.drop(cause, `The sandbox was told: ${cause}.`);
  }

  async behave(
    sessionId: string,
    principal: Principal,
    change: Partial<SandboxBehaviour> & { readonly automaticAcks?: boolean },
  ): Promise<void> {
    const handle = this.open(sessionId, principal);
    await this.write('sandbox.behaviour', sessionId, { ...change });
    const { automaticAcks, ...behaviour } = change;
    Object.assign(handle.behaviour, behaviour);
    if (automaticAcks !== undefined) handle.acks.isAutomatic = automaticAcks;
  }

  /** What has reached the pretend WhatsApp, newest first. */
  async outbox(sessionId: string, principal: Principal, limit: number): Promise<readonly StoredArrival[]> {
    if (!canSee(principal, sessionId)) throw new SandboxNotOpenError(sessionId);
    return this.repository.findArrivals(sessionId, limit);
  }

  private async deliver(sessionId: string, message: WrittenMessage): Promise<InboundMessage | null> {
    const handle = this.phones.find(sessionId);
    if (handle?.isLinked === true) return handle.receive(message);
    await this.repository.addPending(sessionId, message);
    return null;
  }

  private linked(sessionId: string, principal: Principal): SandboxHandle {
    const handle = this.open(sessionId, principal);
    if (!handle.isLinked) throw new SandboxStateError('The session is not linked yet.');
    return handle;
  }

  private open(sessionId: string, principal: Principal): SandboxHandle {
    const handle = canSee(principal, sessionId) ? this.phones.find(sessionId) : undefined;
    if (handle === undefined) throw new SandboxNotOpenError(sessionId);
    return handle;
  }

  private async write(action: string, target: string, detail: Record<string, unknown>): Promise<void> {
    await this.transactions.run((tx) => this.audit.record(tx, { action, target, detail }));
  }
}
