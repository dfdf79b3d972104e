import { setTimeout as sleep } from 'node:timers/promises';
import { acknowledge } from '../acks.ts';
import { chatAddress, digits, randomHex } from '../addresses.ts';
import type {
  AccountSelector,
  BurstResult,
  IncomingBurstRequest,
  IncomingRequest,
  IncomingResult,
  MessageSelector,
} from '../contract.ts';
import { receive } from '../incoming.ts';
import type { WireMessage } from '../messages.ts';
import { required } from '../sim-error.ts';
import type { World } from '../world.ts';
import type { ControlContext, Routes } from './route.ts';
import { phoneOf } from './select.ts';

/** What the contacts do: write, read, change their mind, call. */
export function messageRoutes({ world }: ControlContext): Routes {
  return {
    'POST /incoming': (request: IncomingRequest & Partial<IncomingBurstRequest>) => {
      const phone = phoneOf(world, request);
      const { count = 1 } = request;
      return count > 1 ? burst(world, phone, { ...request, count }) : receive(world, phone, request);
    },
    'POST /ack': ({ id, ack }: { id: string; ack: number }) => {
      const record = world.sent.find((candidate) => candidate.id === id || candidate.rawId === id);
      const { phone, id: messageId } = required(record, 404, 'no such sent message');
      acknowledge(world, { phone, id: messageId, ack, force: true });
      return record;
    },
    ...changeRoutes(world),
    'POST /call': (request: AccountSelector & { from: string; video?: boolean }) => {
      const call = {
        id: randomHex(16),
        peerJid: chatAddress(request.from),
        isVideo: request.video ?? false,
        isGroup: false,
        canHandleLocally: false,
        outgoing: false,
        webClientShouldHandle: false,
        participants: [],
      };
      world.pages.tell(phoneOf(world, request), { t: 'call', call });
      return call;
    },
  };
}

function changeRoutes(world: World): Routes {
  return {
    'POST /revoke': (request: MessageSelector) => {
      const { phone, message } = messageOf(world, request);
      world.pages.tell(phone, { t: 'revoke', id: request.id, by: message.author ?? message.from });
      return { id: request.id };
    },
    'POST /edit': (request: MessageSelector & { body: string }) => {
      const { phone, message } = messageOf(world, request);
      message.body = request.body;
      world.pages.tell(phone, { t: 'edit', id: request.id, body: request.body, at: Date.now() });
      return { id: request.id };
    },
    'POST /reaction': (request: MessageSelector & { from: string; text?: string }) => {
      const address = chatAddress(request.from);
      const sender = world.config.lidMode ? world.numbers.lidOf(digits(address)) : address;
      const about = { msgId: request.id, sender, fromMe: false, text: request.text };
      const r = { ...about, rawId: `3A${randomHex(9)}`, t: Date.now() };
      world.pages.tell(phoneOf(world, request), { t: 'reaction', r });
      return { id: request.id };
    },
  };
}

async function burst(world: World, phone: string, request: IncomingBurstRequest): Promise<BurstResult> {
  const { count, everyMs = 0, ...message } = request;
  const arrived: IncomingResult[] = [];
  for (let number = 1; number <= count; number++) {
    arrived.push(
      receive(world, phone, { ...message, id: undefined, body: `${request.body ?? ''} #${String(number)}` }),
    );
    if (everyMs > 0) await sleep(everyMs);
  }
  return { count: arrived.length, ids: arrived.map(({ id }) => id) };
}

function messageOf(world: World, request: MessageSelector): { readonly phone: string; readonly message: WireMessage } {
  const phone = phoneOf(world, request);
  const message = world.accounts.of(phone).messages.get(request.id);
  return { phone, message: required(message, 404, 'no such message') };
}
