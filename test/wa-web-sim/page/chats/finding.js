/** Finding chats, and making those that are not there yet. */
import { createWid, serialized } from '../base/ids.js';
import { nowSeconds } from '../base/time.js';
import { ask } from '../link.js';
import { collections } from './collections.js';
import { learnLid } from './lids.js';

export function ensureChat(wid) {
  const known = collections.Chat.get(wid);
  if (known) return known;
  const chat = collections.Chat.add({ id: wid, t: nowSeconds() });
  if (!collections.Contact.get(wid)) collections.Contact.add({ id: wid }, { silent: true });
  return chat;
}

/** The chat with an address; asks the service when the page does not know it. */
export async function findOrCreateLatestChat(address) {
  const wid = createWid(serialized(address));
  const known = collections.Chat.get(wid);
  if (known) return { chat: known, created: false };
  if (wid.isGroup()) return { chat: await fetchGroupChat(wid), created: false };
  if (!wid.isUser()) return { chat: ensureChat(wid), created: true };
  return resolveUserChat(wid);
}

async function fetchGroupChat(wid) {
  const group = await ask('group', { id: wid._serialized });
  if (!group) throw new Error('Chat not found');
  return takeGroup(group);
}

async function resolveUserChat(wid) {
  const answer = await ask('resolveChat', { id: wid._serialized });
  if (!answer || !answer.exists) {
    if (answer && answer.mode === 'create') return { chat: ensureChat(wid), created: true };
    throw new Error('No LID for user');
  }
  learnLid(answer.pn, answer.lid);
  const target = createWid(answer.id);
  const known = collections.Chat.get(target);
  if (known) return { chat: known, created: false };
  if (answer.name || answer.pushname) introduce(target, answer);
  return { chat: ensureChat(target), created: true };
}

function introduce(wid, { name, pushname, pn }) {
  const contact = collections.Contact.gadd(wid, { silent: true });
  contact.set({ name, pushname, ...(wid.isLid() && pn ? { phoneNumber: createWid(pn) } : {}) });
}

/** Takes the state of a group from the service; its chat. */
export function takeGroup(group) {
  const wid = createWid(group.id);
  const metadata = takeMetadata(wid, group);
  takeParticipants(metadata, group.participants);
  let chat = collections.Chat.get(wid);
  if (chat) {
    chat.set({ name: group.subject });
    if (!chat.groupMetadata) chat.set({ groupMetadata: metadata });
  } else {
    chat = collections.Chat.add({ id: wid, name: group.subject, t: group.creation, groupMetadata: metadata });
  }
  if (!collections.Contact.get(wid)) {
    collections.Contact.add({ id: wid, name: group.subject, type: 'out' }, { silent: true });
  }
  return chat;
}

function takeMetadata(wid, group) {
  const attributes = {
    id: wid,
    subject: group.subject,
    owner: group.owner ? createWid(group.owner) : undefined,
    creation: group.creation,
    desc: group.desc || '',
    descId: group.descId,
    announce: !!group.announce,
    restrict: !!group.restrict,
    memberAddMode: group.memberAddMode || 'admin_add',
    isLidAddressingMode: !!group.isLidAddressingMode,
    size: group.participants.length,
  };
  const known = collections.GroupMetadata.get(wid);
  return known ? known.set(attributes) : collections.GroupMetadata.add(attributes);
}

function takeParticipants(metadata, participants) {
  const wanted = new Set(participants.map(({ id }) => id));
  for (const participant of metadata.participants.getModelsArray()) {
    if (!wanted.has(serialized(participant.id))) metadata.participants.remove(participant);
  }
  for (const { id, pn, admin } of participants) {
    if (pn) learnLid(pn, id);
    const attributes = { id: createWid(id), isAdmin: !!admin, isSuperAdmin: admin === 'superadmin' };
    const known = metadata.participants.get(id);
    if (known) known.set(attributes);
    else metadata.participants.add(attributes);
  }
}
