import { phoneDigits, type PhoneNumber } from '../../../kernel/phone-number.js';
import { withoutAbsent } from '../../../kernel/without-absent.js';
import type { ContactCard, MediaType, OutboundContent } from '../engine.content.js';
import type { CloudContent } from './cloud-content.js';
import { ContentRefusedError, type ContentFault, unless } from './content-fault.js';
import { contentFaults } from './content-limits.js';
import { graphFile, interactiveBody } from './interactive-body.js';
import { interactiveFaults } from './interactive-limits.js';
import { templateFaults } from './template-limits.js';

/** To whom the Cloud API can send: a number, a person whose number is not told, or a group. */
export type CloudRecipient =
  { readonly phone: PhoneNumber } | { readonly userId: string } | { readonly groupId: string };

export interface OutboundMessage {
  readonly to: CloudRecipient;
  readonly content: OutboundContent | CloudContent;
  /** Meta's id of the message that this one answers. */
  readonly quotedId: string | null;
  /** Of the content's file, as Meta gave it for the upload. */
  readonly mediaId: string | null;
  /** Comes back in every status of this message. */
  readonly ourId: string;
}

/** "Messages API": what `biz_opaque_callback_data` may have. */
const OUR_ID_CHARACTERS = 512;
/** "Business-scoped user IDs". */
const USER_ID = /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/;

type MediaContent = Extract<OutboundContent, { type: MediaType }>;

const isInteractive = (content: OutboundMessage['content']): content is Exclude<CloudContent, { type: 'template' }> =>
  content.type === 'list' || content.type === 'buttons' || content.type === 'cta-url' || content.type === 'flow';

const isMedia = (content: OutboundMessage['content']): content is MediaContent => 'media' in content;

const faultsOfContent = (content: OutboundMessage['content']): readonly ContentFault[] => {
  if (isInteractive(content)) return interactiveFaults(content);
  return content.type === 'template' ? templateFaults(content) : contentFaults(content);
};

/** Everything because of which Meta would refuse the message, as far as that can be known before; empty for nothing. */
export const messageFaults = ({ to, content, quotedId, mediaId, ourId }: OutboundMessage): readonly ContentFault[] => [
  ...faultsOfContent(content),
  ...unless(
    !('userId' in to) || USER_ID.test(to.userId),
    '/to',
    'not-a-recipient',
    'must be a business-scoped user id such as US.13491208655302741918.',
  ),
  // "Reaction messages": a reaction is no answer.
  ...unless(quotedId === null || content.type !== 'reaction', '/quoted', 'not-allowed', 'cannot stand at a reaction.'),
  ...unless(!isMedia(content) || mediaId !== null, '/media', 'not-uploaded', 'has not been uploaded.'),
  ...unless(
    ourId.length <= OUR_ID_CHARACTERS,
    '/ourId',
    'length',
    `has ${String(ourId.length)} characters; at most ${String(OUR_ID_CHARACTERS)} are allowed.`,
  ),
];

/** The number has its plus: without it Meta reads it as a number of the business's own country. */
const recipientOf = (to: CloudRecipient): object => {
  if ('groupId' in to) return { recipient_type: 'group', to: to.groupId };
  if ('userId' in to) return { recipient_type: 'individual', recipient: to.userId };
  return { recipient_type: 'individual', to: to.phone };
};

/** "Contacts messages": one more part of a name beside the whole; with its id a number can be written to at once. */
const cardOf = ({ name, phones, organization, email }: ContactCard): object =>
  withoutAbsent({
    name: { formatted_name: name, first_name: name },
    phones: phones.map((phone) => ({ phone, wa_id: phoneDigits(phone), type: 'CELL' })),
    org: organization === undefined ? undefined : { company: organization },
    emails: email === undefined ? undefined : [{ email }],
  });

const mediaPart = ({ type, media, caption }: MediaContent, mediaId: string): object => {
  if (type === 'voice') return { type: 'audio', audio: { id: mediaId, voice: true } };
  // The other types have no name, and Meta refuses one.
  const fileName = type === 'document' ? media.fileName : null;
  const file = graphFile({ mediaId, ...(fileName !== null && { fileName }) });
  return { type, [type]: withoutAbsent({ ...file, caption }) };
};

const plainPart = (content: Exclude<OutboundContent, MediaContent>): object => {
  switch (content.type) {
    case 'text':
      return { type: 'text', text: { body: content.text, preview_url: content.linkPreview === true } };
    case 'location': {
      const { latitude, longitude, name, address } = content;
      return { type: 'location', location: withoutAbsent({ latitude, longitude, name, address }) };
    }
    case 'contacts':
      return { type: 'contacts', contacts: content.contacts.map(cardOf) };
    case 'reaction':
      return {
        type: 'reaction',
        reaction: { message_id: content.target.providerMessageId, emoji: content.emoji },
      };
    default:
      throw new ContentRefusedError(contentFaults(content));
  }
};

const templatePart = ({ name, language, components }: Extract<CloudContent, { type: 'template' }>): object => ({
  type: 'template',
  template: {
    name,
    language: { code: language },
    ...(components.length > 0 && { components }),
  },
});

const partOf = (content: OutboundMessage['content'], mediaId: string): object => {
  if (isInteractive(content)) return { type: 'interactive', interactive: interactiveBody(content) };
  if (content.type === 'template') return templatePart(content);
  if (isMedia(content)) return mediaPart(content, mediaId);
  return plainPart(content);
};

/**
 * The body of `POST /{phone-number-id}/messages`. Rejects with `ContentRefusedError`, which names every place, what Meta
 * would refuse.
 */
export const messageBody = (message: OutboundMessage): object => {
  const faults = messageFaults(message);
  if (faults.length > 0) throw new ContentRefusedError(faults);
  const { to, content, quotedId, mediaId, ourId } = message;
  return {
    messaging_product: 'whatsapp',
    ...recipientOf(to),
    ...(quotedId !== null && { context: { message_id: quotedId } }),
    ...partOf(content, mediaId ?? ''),
    biz_opaque_callback_data: ourId,
  };
};
