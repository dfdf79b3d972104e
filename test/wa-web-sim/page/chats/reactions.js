import { createWid, MsgKey, serialized } from '../base/ids.js';
import { Model } from '../base/model.js';
import { collections } from './collections.js';

export class ReactionsGroup extends Model {}

/** WhatsApp's table of reactions. whatsapp-web.js puts its own bulkUpsert around this one, so it is called as a method. */
export const reactionTableMode = {
  async bulkUpsert(reactions) {
    for (const reaction of reactions) upsert(reaction);
  },
};

export async function applyReaction({ msgId, sender, fromMe, text, rawId, t }) {
  const parent = MsgKey.fromString(msgId);
  const author = createWid(sender);
  const participant = parent.remote.isGroup() ? author : undefined;
  await reactionTableMode.bulkUpsert([
    {
      id: new MsgKey({ fromMe, remote: parent.remote, id: rawId, participant }),
      reactionParentKey: parent,
      reactionTimestamp: t,
      reactionText: text,
      author,
      from: author,
      orphan: 0,
      orphanReason: null,
      read: false,
      ack: 1,
      t: Math.floor(t / 1000),
      type: 'reaction',
    },
  ]);
}

function upsert(reaction) {
  const parentId = reaction.reactionParentKey._serialized;
  const group =
    collections.Reactions.get(parentId) ||
    collections.Reactions.add(new ReactionsGroup({ id: parentId, list: [] }), { silent: true });
  const others = group.attributes.list.filter(({ author }) => serialized(author) !== serialized(reaction.author));
  group.attributes.list = reaction.reactionText ? [...others, reaction] : others;
  Object.defineProperty(group, 'reactions', { value: byEmoji(group.attributes.list), configurable: true });
  const msg = collections.Msg.get(parentId);
  if (msg) msg.set({ hasReaction: group.attributes.list.length > 0 });
}

function byEmoji(reactions) {
  const groups = Map.groupBy(reactions, ({ reactionText }) => reactionText);
  const aggregated = [...groups].map(([emoji, list]) => ({
    id: emoji,
    aggregateEmoji: emoji,
    hasReactionByMe: list.some(({ id }) => id.fromMe),
    senders: list.map(senderOf),
  }));
  aggregated.serialize = () => aggregated.slice();
  return aggregated;
}

function senderOf(reaction) {
  return {
    msgKey: reaction.id,
    parentMsgKey: reaction.reactionParentKey,
    senderUserJid: serialized(reaction.author),
    reactionText: reaction.reactionText,
    timestamp: reaction.reactionTimestamp,
    orphan: 0,
    read: false,
    ack: reaction.ack,
  };
}
