import { dataOf, type LibraryClient, type LibraryMessage, type MessageKey, type PageChange } from './library.js';

interface Changed {
  readonly latestEditSenderTimestampMs?: number;
  readonly revokeTimestamp?: number;
  readonly subtype?: string;
}

const changedOf = (message: LibraryMessage): Changed => dataOf(message);

/** The page hands addresses on as it has them, whatever the types of the library say. */
const textOf = (address: string | { readonly _serialized: string } | undefined): string =>
  typeof address === 'object' ? address._serialized : (address ?? '');

/** What others do to messages, and who calls. What we have changed ourselves is no news. */
export const listenForChanges = (client: LibraryClient, tell: (change: PageChange) => void): void => {
  client.on('message_edit', (message, body) => {
    const { latestEditSenderTimestampMs: at } = changedOf(message);
    // A body also changes when a message could be decrypted at last.
    if (message.fromMe || at === undefined) return;
    tell({ kind: 'edited', id: message.id, text: String(body), t: at / 1000 });
  });
  client.on('message_revoke_everyone', (message) => {
    const { revokeTimestamp: t, subtype } = changedOf(message);
    // An administrator of a group may revoke what we have written.
    if (!message.fromMe || subtype === 'admin') tell({ kind: 'revoked', id: message.id, t });
  });
  client.on('message_reaction', ({ id, msgId, senderId, reaction, timestamp: t }) => {
    const [own, key]: readonly MessageKey[] = [id, msgId] as unknown as MessageKey[];
    if (own?.fromMe === true || key === undefined) return;
    tell({ kind: 'reacted', id: key, from: textOf(senderId), emoji: reaction, t });
  });
  client.on('call', ({ id, from, isVideo, isGroup }) => {
    const address = textOf(from);
    tell({ kind: 'called', callId: id, from: address, isVideo, isGroup });
  });
};
