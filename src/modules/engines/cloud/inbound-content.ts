import { parsePhoneNumber } from '../../../kernel/phone-number.js';
import type { InboundContent, InboundMediaNotice, InboundType, MediaType } from '../engine.content.js';
import type { CloudMedia, CloudReply, Order } from './cloud-update.js';
import { MalformedUpdateError, requireText } from './malformed-update.js';
import { addressOf } from './update-people.js';
import {
  asRecord,
  isTrueAt,
  type JsonRecord,
  numberAt,
  recordAt,
  recordsAt,
  textAt,
  valueAt,
} from './untrusted-json.js';
import { dateAt } from './update-time.js';

/** What one type of message says, beside what all types have. */
export interface ReadContent {
  readonly type: InboundType;
  readonly text?: string | null;
  readonly content?: InboundContent;
  readonly notice?: InboundMediaNotice;
  readonly media?: CloudMedia;
  readonly reply?: CloudReply;
  readonly order?: Order;
  readonly contactOrigin?: string | null;
  /** More was said than is read. */
  readonly isKeptRaw?: boolean;
}

/** A type that is told by its name and kept as it came. */
const unsupported = (providerType: string | null, more: Partial<ReadContent> = {}): ReadContent => ({
  type: 'unsupported',
  isKeptRaw: true,
  ...(providerType !== null && { content: { providerType } }),
  ...more,
});

const textContent = (message: JsonRecord): ReadContent => {
  const body = valueAt(recordAt(message, 'text'), 'body');
  if (typeof body !== 'string') throw new MalformedUpdateError('text.body is missing');
  return { type: 'text', text: body };
};

/** "Media download error": the file is named and cannot be had. */
const lostMedia = (type: MediaType, file: JsonRecord | null): ReadContent => ({
  type,
  text: textAt(file, 'caption'),
  isKeptRaw: true,
});

const mediaContent =
  (name: string) =>
  (message: JsonRecord): ReadContent => {
    const file = recordAt(message, name);
    const type = (name === 'audio' && isTrueAt(file, 'voice') ? 'voice' : name) as MediaType;
    if (recordsAt(message, 'errors').length > 0) return lostMedia(type, file);
    const id = textAt(file, 'id');
    if (id === null) throw new MalformedUpdateError(`${name}.id is missing`);
    return {
      type,
      text: textAt(file, 'caption'),
      notice: { mimeType: textAt(file, 'mime_type'), fileName: textAt(file, 'filename'), sizeBytes: null },
      media: { id, url: textAt(file, 'url'), sha256: textAt(file, 'sha256'), isAnimated: isTrueAt(file, 'animated') },
    };
  };

const locationContent = (message: JsonRecord): ReadContent => {
  const place = recordAt(message, 'location');
  const [latitude, longitude] = [numberAt(place, 'latitude'), numberAt(place, 'longitude')];
  if (latitude === null || longitude === null) throw new MalformedUpdateError('location has no coordinates');
  const [name, address] = [textAt(place, 'name'), textAt(place, 'address')];
  const location = { latitude, longitude, ...(name !== null && { name }), ...(address !== null && { address }) };
  return { type: 'location', content: { location } };
};

const phonesOf = (card: JsonRecord): readonly string[] =>
  recordsAt(card, 'phones').flatMap((phone) => {
    const waId = textAt(phone, 'wa_id');
    if (waId !== null) return addressOf(waId);
    const written = textAt(phone, 'phone');
    return written === null ? [] : (parsePhoneNumber(written) ?? written);
  });

const nameOf = (card: JsonRecord): string => {
  const name = recordAt(card, 'name');
  const parts = ['first_name', 'middle_name', 'last_name'].flatMap((part) => textAt(name, part) ?? []);
  return textAt(name, 'formatted_name') ?? parts.join(' ');
};

const contactsContent = (message: JsonRecord): ReadContent => {
  const cards = recordsAt(message, 'contacts');
  if (cards.length === 0) throw new MalformedUpdateError('contacts is empty');
  return {
    type: 'contacts',
    content: { contacts: cards.map((card) => ({ name: nameOf(card), phones: phonesOf(card) })) },
    contactOrigin: cards.map((card) => textAt(card, 'origin')).find((origin) => origin !== null) ?? null,
  };
};

const tapped =
  (kind: 'button' | 'list', name: string) =>
  (interactive: JsonRecord): ReadContent => {
    const choice = recordAt(interactive, name);
    const [id, title] = [textAt(choice, 'id'), textAt(choice, 'title')];
    return { type: 'text', text: title ?? id, reply: { kind, id, title, description: textAt(choice, 'description') } };
  };

const jsonRecordOf = (text: string | null): JsonRecord | null => {
  if (text === null) return null;
  try {
    return asRecord(JSON.parse(text));
  } catch {
    // What a person has filled in is kept as text even if it is not the JSON that it was said to be.
    return null;
  }
};

const flowContent = (interactive: JsonRecord): ReadContent => {
  const answer = recordAt(interactive, 'nfm_reply');
  const responseText = textAt(answer, 'response_json');
  return unsupported('interactive:nfm_reply', {
    text: textAt(answer, 'body'),
    reply: { kind: 'flow', name: textAt(answer, 'name'), response: jsonRecordOf(responseText), responseText },
  });
};

const callPermissionContent = (interactive: JsonRecord): ReadContent => {
  const answer = recordAt(interactive, 'call_permission_reply');
  return unsupported('interactive:call_permission_reply', {
    reply: {
      kind: 'call-permission',
      isGranted: textAt(answer, 'response') === 'accept',
      isPermanent: isTrueAt(answer, 'is_permanent'),
      expiresAt: dateAt(answer, 'expiration_timestamp'),
    },
  });
};

const INTERACTIVE = new Map<string, (interactive: JsonRecord) => ReadContent>([
  ['button_reply', tapped('button', 'button_reply')],
  ['list_reply', tapped('list', 'list_reply')],
  ['nfm_reply', flowContent],
  ['call_permission_reply', callPermissionContent],
]);

const interactiveContent = (message: JsonRecord): ReadContent => {
  const interactive = recordAt(message, 'interactive');
  const subtype = textAt(interactive, 'type');
  const read = subtype === null ? undefined : INTERACTIVE.get(subtype);
  if (interactive !== null && read !== undefined) return read(interactive);
  return unsupported(subtype === null ? 'interactive' : `interactive:${subtype}`);
};

const buttonContent = (message: JsonRecord): ReadContent => {
  const button = recordAt(message, 'button');
  const [id, title] = [textAt(button, 'payload'), textAt(button, 'text')];
  return { type: 'text', text: title ?? id, reply: { kind: 'quick-reply', id, title, description: null } };
};

const orderContent = (message: JsonRecord): ReadContent => {
  const order = recordAt(message, 'order');
  const items = recordsAt(order, 'product_items').map((item) => ({
    productId: textAt(item, 'product_retailer_id'),
    quantity: numberAt(item, 'quantity'),
    price: numberAt(item, 'item_price'),
    currency: textAt(item, 'currency'),
  }));
  return unsupported('order', {
    text: textAt(order, 'text'),
    order: { catalogId: textAt(order, 'catalog_id'), items },
  });
};

const TYPES = new Map<string, (message: JsonRecord) => ReadContent>([
  ['text', textContent],
  ...['image', 'video', 'audio', 'document', 'sticker'].map((name) => [name, mediaContent(name)] as const),
  ['location', locationContent],
  ['contacts', contactsContent],
  ['interactive', interactiveContent],
  ['button', buttonContent],
  ['order', orderContent],
]);

/** "Unsupported messages": since 2025 they name what WhatsApp itself calls it. */
const namedType = (message: JsonRecord): string | null =>
  textAt(recordAt(message, 'unsupported'), 'type') ?? textAt(message, 'type');

/** What a message says. A type that is not known is no error: it is named, and kept as it came. */
export const readContent = (message: JsonRecord): ReadContent => {
  const type = textAt(message, 'type');
  const read = type === null ? undefined : TYPES.get(type);
  return read === undefined ? unsupported(namedType(message)) : read(message);
};

/** The text that an edited message has now. */
export const editedTextOf = (edited: JsonRecord | null): string => {
  const name = requireText(edited, 'type');
  const part = recordAt(edited, name);
  return textAt(part, 'body') ?? textAt(part, 'caption') ?? '';
};
