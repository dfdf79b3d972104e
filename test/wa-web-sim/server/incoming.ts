import { type Account, keepMessage } from './accounts.ts';
import { chatAddress, digits, nowSeconds, randomHex, userAddress } from './addresses.ts';
import type { IncomingMedia, IncomingRequest, IncomingResult } from './contract.ts';
import { mediaFields } from './media-store.ts';
import type { WireMessage } from './messages.ts';
import type { World } from './world.ts';

interface Arrival {
  readonly account: Account;
  readonly chat: string;
  readonly author: string | undefined;
  readonly senderPhone: string;
  readonly rawId: string;
}

/** Somebody writes to an account: its page gets the message now, or at its next login. */
export function receive(world: World, phone: string, request: IncomingRequest): IncomingResult {
  const arrival = arrivalOf(world, phone, request);
  const { account, chat, rawId } = arrival;
  const message = messageOf(world, arrival, request);
  if (account.messages.has(message.id)) {
    const online = world.pages.tell(phone, { t: 'message', msg: message });
    return { id: message.id, chat, rawId, duplicate: true, online };
  }
  const online = deliver(world, account, chat, message);
  world.journal.record('incoming', { phone, from: request.from, id: message.id, online });
  return { id: message.id, chat, rawId, online };
}

/** Puts a message into an account's chat; whether a page is there to take it. */
export function deliver(world: World, account: Account, chat: string, message: WireMessage): boolean {
  keepMessage(account, chat, message);
  account.unread.set(chat, (account.unread.get(chat) ?? 0) + 1);
  const online = world.pages.tell(account.phone, { t: 'message', msg: message });
  // It stays in the queue until the page says that it has it: a page that dies meanwhile gets it again.
  account.offline.add(message.id);
  if (!online) world.journal.record('queued-offline', { phone: account.phone, id: message.id });
  return online;
}

/** The chat in which an account sees somebody: under the LID when the simulator hides numbers. */
export function chatWith(world: World, account: Account, address: string): string {
  const phone = digits(address);
  const hidden = world.config.lidMode && address.endsWith('@c.us') && phone !== account.phone;
  return hidden ? world.numbers.lidOf(phone) : address;
}

function arrivalOf(world: World, phone: string, request: IncomingRequest): Arrival {
  const account = world.accounts.of(phone);
  const senderPhone = digits(request.from);
  const isLid = request.from.endsWith('@lid');
  return {
    account,
    senderPhone,
    chat: request.group ?? (isLid ? request.from : chatWith(world, account, chatAddress(request.from))),
    author: request.group ? authorAddress(world, senderPhone) : undefined,
    rawId: request.id ?? (request.ios ? `3A${randomHex(9)}` : `A5${randomHex(15)}`),
  };
}

function authorAddress(world: World, phone: string): string {
  return world.config.lidMode ? world.numbers.lidOf(phone) : userAddress(phone);
}

function messageOf(world: World, arrival: Arrival, request: IncomingRequest): WireMessage {
  const { account, chat, author, senderPhone, rawId } = arrival;
  const known = world.numbers.find(senderPhone);
  return {
    id: `false_${chat}_${rawId}${author ? `_${author}` : ''}`,
    rawId,
    from: chat,
    to: account.wid,
    ...(author ? { author } : {}),
    type: request.type ?? typeOf(request.media),
    t: request.t ?? nowSeconds(),
    notifyName: request.pushname ?? known?.pushname ?? `Contact ${senderPhone.slice(-4)}`,
    ack: 1,
    ...contentOf(world, request),
    ...request.extra,
    pn: userAddress(senderPhone),
    lid: world.numbers.lidOf(senderPhone),
    ...(request.quoted ? quotation(account, request.quoted) : {}),
    ...(request.mentions ? { mentionedJidList: request.mentions.map(chatAddress) } : {}),
  };
}

function contentOf(world: World, { body, caption, media }: IncomingRequest): Partial<WireMessage> {
  if (!media) return { body: body ?? '' };
  return { caption: caption ?? body, body: '', ...mediaFields(world.media, media) };
}

function quotation(account: Account, quotedId: string): Partial<WireMessage> {
  const quoted = account.messages.get(quotedId);
  const stanza = quotedId.split('_')[2];
  if (!quoted) {
    return { quotedStanzaID: stanza, quotedParticipant: account.wid, quotedMsg: { type: 'chat', body: '' } };
  }
  const isOwn = quoted.id.startsWith('true');
  return {
    quotedStanzaID: stanza,
    quotedParticipant: isOwn ? account.wid : (quoted.author ?? quoted.from),
    quotedMsg: { type: quoted.type, body: quoted.body },
  };
}

function typeOf(media: IncomingMedia | undefined): string {
  if (!media) return 'chat';
  const [kind] = media.mimetype.split('/');
  if (media.sticker && media.mimetype.startsWith('image/webp')) return 'sticker';
  if (kind === 'image' || kind === 'video') return kind;
  if (kind === 'audio') return media.ptt ? 'ptt' : 'audio';
  return 'document';
}
