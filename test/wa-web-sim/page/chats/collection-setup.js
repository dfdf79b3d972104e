/** Fills WhatsApp's collections, each with its way to fetch what it does not have. */
import { createWid, serialized } from '../base/ids.js';
import { Collection } from '../base/model.js';
import { act, ask, ServerStatusCodeError } from '../link.js';
import { Chat } from './chat.js';
import { findOrCreateLatestChat, takeGroup } from './finding.js';
import { collections } from './collections.js';
import { Contact } from './contact.js';
import { GroupMetadata } from './group-metadata.js';
import { MsgCollection } from './message-collection.js';
import { ReactionsGroup } from './reactions.js';

function collectionOf(modelClass, members = {}) {
  return Object.assign(new Collection(modelClass), members);
}

/** A collection that makes what it is asked for. */
function collectionWith(attributes) {
  const collection = new Collection();
  collection.fetchOne = async (id) => collection.add({ id: createWid(serialized(id)), ...attributes });
  return collection;
}

async function fetchContact(id) {
  const wid = createWid(serialized(id));
  const known = await ask('contact', { id: wid._serialized });
  const phoneNumber = known && known.phoneNumber ? { phoneNumber: createWid(known.phoneNumber) } : {};
  return collections.Contact.get(wid) || collections.Contact.add(new Contact({ id: wid, ...known, ...phoneNumber }));
}

async function fetchChat(id) {
  return (await findOrCreateLatestChat(createWid(serialized(id)))).chat;
}

async function fetchGroup(id) {
  const group = await ask('group', { id: serialized(id) });
  return group ? takeGroup(group).groupMetadata : undefined;
}

async function updateGroup(id) {
  await fetchGroup(id);
  return collections.GroupMetadata.get(id);
}

async function addOrRemoveLabels(labels, chats) {
  return act('labels', { a: labels, chats: chats.map((chat) => serialized(chat.id)) });
}

async function refuseNewsletter() {
  throw new ServerStatusCodeError(404);
}

const groupMetadata = collectionOf(GroupMetadata, { fetchOne: fetchGroup, update: updateGroup });
const status = collectionOf(undefined, { getMyStatus: () => null });
const newsletters = collectionOf(undefined, { fetchOne: refuseNewsletter });
const newsletterMetadata = new Collection();
const businessProfiles = collectionWith({ profileOptions: undefined });
const pictureActions = { canSet: () => true, canDelete: () => true };

Object.assign(collections, {
  Msg: new MsgCollection(),
  Chat: collectionOf(Chat, { fetchOne: fetchChat, findImpl: fetchChat }),
  Contact: collectionOf(Contact, { fetchOne: fetchContact }),
  GroupMetadata: groupMetadata,
  WAWebGroupMetadataCollection: groupMetadata,
  Label: collectionOf(undefined, { addOrRemoveLabels }),
  Status: status,
  StatusV3: status,
  Blocklist: new Collection(),
  ProfilePicThumb: collectionWith({ img: undefined, eurl: undefined, ...pictureActions }),
  BusinessProfile: Object.assign(businessProfiles, { fetchBizProfile: (id) => businessProfiles.fetchOne(id) }),
  Presence: collectionWith({ isOnline: false }),
  WAWebNewsletterCollection: newsletters,
  NewsletterCollection: newsletters,
  NewsletterMetadataCollection: newsletterMetadata,
  WAWebNewsletterMetadataCollection: newsletterMetadata,
  Sticker: new Collection(),
  StickerPack: new Collection(),
  Call: new Collection(),
  QuickReply: new Collection(),
  Order: new Collection(),
  Product: new Collection(),
  Features: { F: {}, supportsFeature: () => false, setFeature() {} },
  Reactions: collectionOf(ReactionsGroup, { fetchOne: async () => undefined }),
  PollVote: new Collection(),
});
