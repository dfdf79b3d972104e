import { isRecord, type Json, listOf, recordOf, recordsOf, textOf } from '../base/json.js';
import { badValue, GraphError, invalid, missing, missingValue } from '../graph/graph-error.js';
import { checkText, lengthOf, requireRecord, requireText } from './checks.js';
import { checkInteractive } from './interactive.js';

/** Cloud API, "Text messages", "Image messages" and their siblings state these. */
const MAX_TEXT = 4096;
const MAX_CAPTION = 1024;
const MAX_CONTACTS = 257;
const BIRTHDAY = /^\d{4}-\d{2}-\d{2}$/;
const EMOJI = /^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Component}|[#*0-9]\ufe0f?\u20e3)+$/u;
const WITHOUT_CAPTION = ['audio', 'sticker'];

const checkTextMessage = (body: Json): void => {
  const text = textOf(requireRecord(body, 'text')['body']);
  if (text === undefined || text === '') throw missing("text['body']");
  if (lengthOf(text) > MAX_TEXT) throw invalid(`text.body must not exceed ${String(MAX_TEXT)} characters.`);
};

/** Also the media inside headers of interactive messages and templates. */
export const checkMediaObject = (media: Json, place: string): void => {
  const { id, link } = { id: textOf(media['id']), link: textOf(media['link']) };
  if ((id ?? '') === '' && (link ?? '') === '') throw missingValue(`${place}: id or link is required`);
  if (link !== undefined && !/^https?:\/\//.test(link)) throw badValue(`${place}: link is not a valid URL`);
};

const checkMediaMessage = (body: Json, type: string): void => {
  const media = requireRecord(body, type);
  if (WITHOUT_CAPTION.includes(type) && media['caption'] !== undefined) {
    throw new GraphError({ code: 100, message: `(#100) Unexpected key "caption" on param "${type}".` });
  }
  checkMediaObject(media, type);
  checkText(media['caption'], MAX_CAPTION, `${type} caption`);
};

const checkCoordinate = (location: Json, name: string, limit: number): void => {
  const value = location[name];
  if (value === undefined || value === '') throw missingValue(`location ${name} is required`);
  const degrees = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
  if (!(Math.abs(degrees) <= limit)) throw badValue(`location ${name} is not valid`);
};

const checkLocation = (body: Json): void => {
  const location = requireRecord(body, 'location');
  checkCoordinate(location, 'latitude', 90);
  checkCoordinate(location, 'longitude', 180);
};

const checkContact = (contact: Json): void => {
  const name = recordOf(contact['name']);
  requireText(name, 'formatted_name', MAX_TEXT, 'contacts: name.formatted_name');
  const parts = ['first_name', 'last_name', 'middle_name', 'suffix', 'prefix'];
  if (!parts.some((part) => textOf(name[part]))) throw missingValue('contacts: name needs a further part');
  const birthday = contact['birthday'];
  if (birthday !== undefined && !BIRTHDAY.test(textOf(birthday) ?? '')) throw badValue('contacts: birthday format');
};

const checkContacts = (body: Json): void => {
  const contacts = listOf(body['contacts']);
  if (contacts.length === 0) throw missing('contacts');
  if (contacts.length > MAX_CONTACTS) throw badValue(`Too many contacts. Max allowed: ${String(MAX_CONTACTS)}`);
  recordsOf(contacts).forEach(checkContact);
};

const checkReaction = (body: Json): void => {
  const reaction = requireRecord(body, 'reaction');
  if (!textOf(reaction['message_id'])) throw missing("reaction['message_id']");
  const emoji = textOf(reaction['emoji']);
  if (emoji === undefined) throw missing("reaction['emoji']");
  if (emoji !== '' && !EMOJI.test(emoji)) throw badValue('Reaction is not a valid emoji');
  if (isRecord(body['context'])) throw invalid('A reaction cannot be a reply.');
};

const checkTemplate = (body: Json): void => {
  const template = requireRecord(body, 'template');
  if (!textOf(template['name'])) throw missing("template['name']");
  if (!textOf(recordOf(template['language'])['code'])) throw missing("template['language']['code']");
};

const CHECKS: Readonly<Record<string, (body: Json, type: string) => void>> = {
  text: checkTextMessage,
  image: checkMediaMessage,
  video: checkMediaMessage,
  audio: checkMediaMessage,
  document: checkMediaMessage,
  sticker: checkMediaMessage,
  location: checkLocation,
  contacts: checkContacts,
  reaction: checkReaction,
  interactive: (body) => {
    checkInteractive(requireRecord(body, 'interactive'));
  },
  template: checkTemplate,
};

/** Refuses content that breaks a documented rule, before anybody is looked up. */
export const checkContent = (body: Json, type: string): void => {
  const check = Object.hasOwn(CHECKS, type) ? CHECKS[type] : undefined;
  if (check === undefined) throw new GraphError({ code: 131051, details: `Message type ${type} is not supported` });
  check(body, type);
};

export const MEDIA_TYPES: readonly string[] = ['image', 'video', 'audio', 'document', 'sticker'];
