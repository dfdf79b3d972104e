import type { InboundContent } from '../engine.content.js';
import type { InboundChange, InboundMessage } from '../engine.port.js';
import type {
  CloudExtra,
  CloudPerson,
  MessageReading,
  PersonIds,
  Product,
  Referral,
  UpdateOrigin,
  UpdateTime,
} from './cloud-update.js';
import { readErrors } from './graph-errors.js';
import { editedTextOf, type ReadContent, readContent } from './inbound-content.js';
import { requireText } from './malformed-update.js';
import { readSystemMessage } from './system-messages.js';
import { type ContactBook, idsAt } from './update-people.js';
import { isTrueAt, type JsonRecord, recordAt, textAt } from './untrusted-json.js';

/** What is known of a message before it is read. */
export interface MessageContext {
  readonly origin: UpdateOrigin;
  readonly time: UpdateTime;
  readonly contacts: ContactBook;
  /** With whom it was exchanged, where that is not its sender: what we have written ourselves. */
  readonly counterpart?: PersonIds;
}

/** Under which names a message tells who wrote it. */
const SENDER = { waId: 'from', userId: 'from_user_id', parentUserId: 'from_parent_user_id' } as const;

const referralOf = (referral: JsonRecord | null): Referral | null =>
  referral === null
    ? null
    : {
        url: textAt(referral, 'source_url'),
        sourceId: textAt(referral, 'source_id'),
        sourceType: textAt(referral, 'source_type'),
        headline: textAt(referral, 'headline'),
        body: textAt(referral, 'body'),
        clickId: textAt(referral, 'ctwa_clid'),
      };

const productOf = (product: JsonRecord | null): Product | null =>
  product === null
    ? null
    : { catalogId: textAt(product, 'catalog_id'), productId: textAt(product, 'product_retailer_id') };

const contentOf = (content: InboundContent | undefined, isForwarded: boolean): InboundContent | null => {
  const whole: InboundContent = { ...content, ...(isForwarded && { isForwarded }) };
  return Object.keys(whole).length === 0 ? null : whole;
};

const extraOf = (message: JsonRecord, read: ReadContent, identityKeyHash: string | null): CloudExtra => {
  const context = recordAt(message, 'context');
  return {
    media: read.media ?? null,
    reply: read.reply ?? null,
    referral: referralOf(recordAt(message, 'referral')),
    product: productOf(recordAt(context, 'referred_product')),
    order: read.order ?? null,
    isFrequentlyForwarded: isTrueAt(context, 'frequently_forwarded'),
    contactOrigin: read.contactOrigin ?? null,
    identityKeyHash,
    errors: readErrors(message),
    raw: read.isKeptRaw === true ? message : null,
  };
};

const inboundOf = (
  message: JsonRecord,
  read: ReadContent,
  person: CloudPerson,
  given: MessageContext,
): InboundMessage => {
  const context = recordAt(message, 'context');
  const isForwarded = isTrueAt(context, 'forwarded') || isTrueAt(context, 'frequently_forwarded');
  const isOurs = given.counterpart !== undefined;
  const ours = given.origin.phone ?? given.origin.phoneNumberId;
  return {
    providerMessageId: requireText(message, 'id'),
    from: isOurs ? (ours ?? '') : person.address,
    to: isOurs ? person.address : ours,
    group: textAt(message, 'group_id'),
    type: read.type,
    text: read.text ?? null,
    content: contentOf(read.content, isForwarded),
    media: read.notice ?? null,
    quotedProviderMessageId: textAt(context, 'id'),
    at: given.time.at,
    isCatchUp: given.time.timing === 'late',
  };
};

type ReadChange = (message: JsonRecord, person: CloudPerson, at: Date) => InboundChange;

const CHANGES = new Map<string, ReadChange>([
  [
    'reaction',
    (message, { address }, at) => {
      const reaction = recordAt(message, 'reaction');
      // Taken back: the emoji is empty or left out.
      const emoji = textAt(reaction, 'emoji') ?? '';
      return { kind: 'reacted', providerMessageId: requireText(reaction, 'message_id'), from: address, emoji, at };
    },
  ],
  [
    'edit',
    (message, _person, at) => {
      const edit = recordAt(message, 'edit');
      const text = editedTextOf(recordAt(edit, 'message'));
      return { kind: 'edited', providerMessageId: requireText(edit, 'original_message_id'), text, at };
    },
  ],
  [
    'revoke',
    (message, _person, at) => {
      const revoked = requireText(recordAt(message, 'revoke'), 'original_message_id');
      return { kind: 'revoked', providerMessageId: revoked, at };
    },
  ],
]);

/** One element of `messages`, or of what is told in the same way about messages of ours. */
export const readMessage = (message: JsonRecord, context: MessageContext): MessageReading => {
  const providerMessageId = requireText(message, 'id');
  const type = textAt(message, 'type') ?? '';
  if (type === 'system') return readSystemMessage(message, providerMessageId);
  const ids = context.counterpart ?? idsAt(message, SENDER);
  const person = context.contacts.get(ids);
  const readChange = CHANGES.get(type);
  if (readChange !== undefined) {
    return { kind: 'change', providerMessageId, change: readChange(message, person, context.time.at), person };
  }
  const read = readContent(message);
  const extra = extraOf(message, read, context.contacts.identityKeyHashOf(ids));
  return { kind: 'message', inbound: { message: inboundOf(message, read, person, context), person, extra } };
};
