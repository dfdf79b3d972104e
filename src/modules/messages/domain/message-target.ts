import type { Message } from './message.js';
import type { MessageContent } from './message-content.js';

/** The contact or the group with whom a message was exchanged. */
export const chatOf = ({ direction, from, to, group }: Message): string | null =>
  group ?? (direction === 'OUTBOUND' ? to : from);

const NOT_AT_WHATSAPP: ReadonlySet<string> = new Set(['SCHEDULED', 'QUEUED', 'SENDING', 'FAILED']);
const NO_MESSAGES: ReadonlySet<string> = new Set(['reaction', 'edit', 'revoke']);

/** What can be said against every use of a message. */
const findTrouble = (target: Message): string | null => {
  if (target.providerMessageId === null || NOT_AT_WHATSAPP.has(target.status)) {
    return `WhatsApp does not have it: it is ${target.status}.`;
  }
  if (target.revokedAt !== null) return 'It was deleted for everyone.';
  return NO_MESSAGES.has(target.type) ? 'It is no message of its own.' : null;
};

/** Why a message cannot be answered, reacted to, edited, revoked or forwarded so; null when it can. */
export const findTargetTrouble = (
  type: MessageContent['type'],
  target: Message,
  { sessionId, to }: { readonly sessionId: string; readonly to: string },
): string | null => {
  if (target.sessionId !== sessionId) return 'It belongs to another session.';
  const trouble = findTrouble(target);
  if (trouble !== null || type === 'forward') return trouble;
  if (chatOf(target) !== to) return 'It was exchanged with somebody else.';
  const isOwnOnly = type === 'edit' || type === 'revoke';
  if (isOwnOnly && target.direction === 'INBOUND') return 'Somebody else wrote it.';
  return type === 'edit' && target.type !== 'text' ? 'Only a text can be edited.' : null;
};
