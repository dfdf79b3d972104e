import { Injectable } from '@nestjs/common';

import { parsePhoneNumber, type PhoneNumber } from '../../kernel/phone-number.js';
import { withoutAbsent } from '../../kernel/without-absent.js';
import { InvalidRequestError, type Violation } from '../../platform/http/http.errors.js';
import type { Principal } from '../access/index.js';
import { type MediaSource, MediaService } from '../media/index.js';
import { type TemplateUse, Templates } from '../templates/index.js';
import {
  type ContactToSend,
  MEDIA_MESSAGE_TYPES,
  type MediaMessageType,
  type MessageContent,
} from './domain/message-content.js';

export interface GivenMedia extends MediaSource {
  readonly caption?: string;
}

/** What somebody wants to say, before files are stored and templates filled; exactly one field is given. */
export interface GivenContent {
  readonly text?: string;
  readonly image?: GivenMedia;
  readonly video?: GivenMedia;
  readonly audio?: GivenMedia;
  readonly voice?: GivenMedia;
  readonly document?: GivenMedia;
  readonly sticker?: GivenMedia;
  readonly location?: Omit<MessageContent & { type: 'location' }, 'type'>;
  readonly contacts?: readonly (Omit<ContactToSend, 'phones'> & { readonly phones: readonly string[] })[];
  readonly poll?: { readonly question: string; readonly options: readonly string[]; readonly allowsSeveral?: boolean };
  readonly reaction?: { readonly messageId: string; readonly emoji: string };
  readonly template?: TemplateUse;
}

export interface TextOptions {
  readonly type?: string;
  readonly mentions?: readonly string[];
  readonly linkPreview?: boolean;
}

type Kind = keyof GivenContent;
const KINDS: readonly Kind[] = [
  ...(['text', 'image', 'video', 'audio', 'voice', 'document', 'sticker'] as const),
  ...(['location', 'contacts', 'poll', 'reaction', 'template'] as const),
];

const isMediaKind = (kind: Kind): kind is MediaMessageType => (MEDIA_MESSAGE_TYPES as readonly string[]).includes(kind);

/** Validated before: what is no number is left out rather than sent. */
const toPhones = (written: readonly string[]): readonly PhoneNumber[] =>
  written.flatMap((one) => parsePhoneNumber(one) ?? []);

const refuse = (...violations: readonly Violation[]): never => {
  throw new InvalidRequestError(violations);
};

/** Which kind is given; throws unless it is exactly one, and the one that `type` names. */
const kindOf = (given: GivenContent, { type, mentions, linkPreview }: TextOptions): Kind => {
  const kinds = KINDS.filter((kind) => given[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined) return refuse({ pointer: '#', detail: `one of these is needed: ${KINDS.join(', ')}` });
  if (kinds.length > 1) {
    return refuse(...kinds.map((one) => ({ pointer: `#/${one}`, detail: 'only one kind of content may be given' })));
  }
  if (type !== undefined && type !== kind)
    refuse({ pointer: '#/type', detail: `type is ${type}, but ${kind} is given` });
  const isText = kind === 'text' || kind === 'template';
  if (!isText && mentions !== undefined) refuse({ pointer: '#/mentions', detail: 'only a text has mentions' });
  if (!isText && linkPreview !== undefined) refuse({ pointer: '#/linkPreview', detail: 'only a text has a preview' });
  return kind;
};

/** Makes what is kept of what is given: files are stored, templates filled. */
@Injectable()
export class MessageComposer {
  constructor(
    private readonly media: MediaService,
    private readonly templates: Templates,
  ) {}

  async compose(
    given: GivenContent,
    options: TextOptions,
    { principal, sessionId }: { readonly principal: Principal; readonly sessionId: string },
  ): Promise<MessageContent> {
    const kind = kindOf(given, options);
    const { template } = given;
    if (template) return this.toText(await this.templates.render(template, { principal, sessionId }), options);
    if (isMediaKind(kind)) return this.toMedia(kind, given[kind] ?? {}, { principal, sessionId });
    return this.toPlain(given, options);
  }

  /** What needs nothing but itself. */
  private toPlain({ text, location, contacts, poll, reaction }: GivenContent, options: TextOptions): MessageContent {
    if (location) return { type: 'location', ...location };
    if (contacts) {
      return { type: 'contacts', contacts: contacts.map((card) => ({ ...card, phones: toPhones(card.phones) })) };
    }
    if (poll) return { type: 'poll', allowsSeveral: false, ...poll };
    if (reaction) return { type: 'reaction', targetId: reaction.messageId, emoji: reaction.emoji };
    return this.toText(text ?? '', options);
  }

  private async toMedia(
    type: MediaMessageType,
    { caption, ...source }: GivenMedia,
    context: { readonly principal: Principal; readonly sessionId: string },
  ): Promise<MessageContent> {
    const { id: mediaId } = await this.media.take(source, type, context);
    const { fileName } = source;
    return { type, mediaId, ...withoutAbsent({ caption, fileName }) };
  }

  private toText(text: string, { mentions, linkPreview }: TextOptions): MessageContent {
    return {
      ...{ type: 'text', text },
      ...(mentions !== undefined && { mentions: toPhones(mentions) }),
      ...(linkPreview === true && { linkPreview }),
    };
  }
}
