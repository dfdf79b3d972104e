import { messagesOf } from '../accounts.ts';
import { acknowledge } from '../acks.ts';
import { nowSeconds, randomHex } from '../addresses.ts';
import { chatWith } from '../incoming.ts';
import type { WireMessage } from '../messages.ts';
import type { Outgoing, SendAnswer, SendRequest } from '../outgoing.ts';
import type { PairedPage } from '../pages.ts';
import type { World } from '../world.ts';
import type { Calls } from './calls.ts';

interface About {
  readonly id: string;
}

/** Sending, changing, reading and looking up messages. */
export function callsAboutMessages(world: World, outgoing: Outgoing): Calls<PairedPage> {
  return { ...changes(world, outgoing), ...lookups(world) };
}

function changes(world: World, outgoing: Outgoing): Calls<PairedPage> {
  return {
    send(page: PairedPage, request: SendRequest): Promise<SendAnswer> {
      return outgoing.send(page, request);
    },

    async edit(page: PairedPage, { id, body }: About & { readonly body: string }): Promise<boolean> {
      if (!(await world.faults.strike('edit', page.phone))) return false;
      const message = world.accounts.of(page.phone).messages.get(id);
      if (message) message.body = body;
      const record = world.findSent(page.phone, id);
      if (record) record.edited = body;
      world.journal.record('edit', { phone: page.phone, id, body });
      return true;
    },

    async revoke(page: PairedPage, { id }: About): Promise<boolean> {
      if (!(await world.faults.strike('revoke', page.phone))) return false;
      const record = world.findSent(page.phone, id);
      if (record) record.revoked = true;
      world.journal.record('revoke', { phone: page.phone, id });
      return true;
    },

    async react(page: PairedPage, { id, text }: About & { readonly text: string }): Promise<{ rawId: string }> {
      await world.faults.strike('react', page.phone);
      world.recordAction(page, 'react', { id, text });
      const record = world.findSent(page.phone, id);
      if (record) record.reaction = text;
      world.journal.record('react', { phone: page.phone, id, text });
      return { rawId: `3EB0${randomHex(9)}` };
    },

    seen(page: PairedPage, { chat }: { readonly chat: string }): boolean {
      world.recordAction(page, 'seen', { chat });
      const reader = world.accounts.of(page.phone);
      reader.unread.delete(chat);
      const writer = world.accounts.find(world.numbers.phoneOf(chat));
      if (!writer || !world.config.crossDeliver) return true;
      for (const message of messagesOf(writer, chatWith(world, writer, reader.wid))) {
        const isUnread = message.id.startsWith('true') && message.ack < 3;
        if (isUnread) acknowledge(world, { phone: writer.phone, id: message.id, ack: 3 });
      }
      return true;
    },
  };
}

function lookups(world: World): Calls<PairedPage> {
  return {
    getMsg(page: PairedPage, { id }: About): WireMessage | null {
      return world.accounts.of(page.phone).messages.get(id) ?? null;
    },

    history(page: PairedPage, { chat, have }: { chat: string; have: readonly string[] }): WireMessage[] {
      const known = new Set(have);
      const earlier = messagesOf(world.accounts.of(page.phone), chat).filter(({ id }) => !known.has(id));
      return earlier.slice(Math.max(0, earlier.length - world.config.historyPerChat));
    },

    msgInfo(page: PairedPage, { id }: About) {
      const message = world.accounts.of(page.phone).messages.get(id);
      const to = message?.to ?? id.split('_')[1];
      const ack = message?.ack ?? 0;
      const receipt = (from: number): unknown[] => (ack >= from ? [{ id: to, t: nowSeconds() }] : []);
      return {
        delivery: receipt(2),
        deliveryRemaining: ack >= 2 ? 0 : 1,
        read: receipt(3),
        readRemaining: ack >= 3 ? 0 : 1,
        played: [],
        playedRemaining: 0,
      };
    },
  };
}
