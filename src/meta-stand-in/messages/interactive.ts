import { type Json, recordOf, recordsOf, textOf } from '../base/json.js';
import { badValue, missingValue } from '../graph/graph-error.js';
import { checkText, requireText } from './checks.js';

/** Cloud API, "Interactive reply buttons", "Interactive list", "Interactive CTA URL" and "Media carousel" state these. */
const MAX = {
  body: 1024,
  listBody: 4096,
  header: 60,
  footer: 60,
  buttons: 3,
  buttonId: 256,
  buttonTitle: 20,
  sections: 10,
  rows: 10,
  sectionTitle: 24,
  rowId: 200,
  rowTitle: 24,
  rowDescription: 72,
  cards: 10,
  cardBody: 160,
};
const MIN_CARDS = 2;

const checkReplyButtons = (action: Json): void => {
  const buttons = recordsOf(action['buttons']);
  if (buttons.length < 1 || buttons.length > MAX.buttons) {
    throw badValue(`Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: ${String(MAX.buttons)}`);
  }
  const replies = buttons.map((button) => recordOf(button['reply']));
  for (const reply of replies) {
    requireText(reply, 'id', MAX.buttonId, 'Button ID');
    requireText(reply, 'title', MAX.buttonTitle, 'Button title');
  }
  for (const name of ['id', 'title']) {
    if (new Set(replies.map((reply) => reply[name])).size < replies.length) throw badValue(`Duplicate button ${name}`);
  }
};

const checkRow = (row: Json): void => {
  requireText(row, 'id', MAX.rowId, 'Row ID');
  requireText(row, 'title', MAX.rowTitle, 'Row title');
  checkText(row['description'], MAX.rowDescription, 'Row description');
};

const checkList = (action: Json): void => {
  requireText(action, 'button', MAX.buttonTitle, 'Button label');
  const sections = recordsOf(action['sections']);
  if (sections.length < 1 || sections.length > MAX.sections) throw badValue('Invalid sections count');
  for (const section of sections) {
    if (sections.length > 1) requireText(section, 'title', MAX.sectionTitle, 'Section title');
    else checkText(section['title'], MAX.sectionTitle, 'Section title');
  }
  const rows = sections.flatMap((section) => recordsOf(section['rows']));
  if (rows.length < 1 || rows.length > MAX.rows) {
    throw badValue(`Total row count exceed max allowed count: ${String(MAX.rows)}`);
  }
  rows.forEach(checkRow);
  if (new Set(rows.map((row) => row['id'])).size < rows.length) throw badValue('Duplicate row id');
};

const checkLink = (action: Json): void => {
  const parameters = recordOf(action['parameters']);
  requireText(parameters, 'display_text', MAX.buttonTitle, 'display_text');
  const url = requireText(parameters, 'url', 2000, 'url');
  if (!/^https?:\/\//.test(url)) throw badValue('url is not valid');
};

const checkFlow = (action: Json): void => {
  const parameters = recordOf(action['parameters']);
  requireText(parameters, 'flow_message_version', 10);
  requireText(parameters, 'flow_cta', 30);
  if (!textOf(parameters['flow_id']) && !textOf(parameters['flow_name'])) {
    throw missingValue('flow_id or flow_name is required');
  }
};

const checkCarousel = (action: Json): void => {
  const cards = recordsOf(action['cards']);
  if (cards.length < MIN_CARDS || cards.length > MAX.cards) throw badValue('Invalid cards count');
  for (const card of cards) checkText(recordOf(card['body'])['text'], MAX.cardBody, 'Card body');
  const headers = new Set(cards.map((card) => recordOf(card['header'])['type']));
  if (headers.size > 1) throw badValue('All cards must have the same header type');
};

const nothingMore = (): void => undefined;

const ACTIONS: Readonly<Record<string, (action: Json) => void>> = {
  button: checkReplyButtons,
  list: checkList,
  cta_url: checkLink,
  flow: checkFlow,
  carousel: checkCarousel,
  location_request_message: nothingMore,
  address_message: nothingMore,
  request_contact_info: nothingMore,
  call_permission_request: nothingMore,
  voice_call: nothingMore,
  product: nothingMore,
  product_list: nothingMore,
  catalog_message: nothingMore,
};

/** A product message may come without text; the others speak. */
const WITHOUT_BODY = ['product', 'call_permission_request'];

export const checkInteractive = (interactive: Json): void => {
  const type = textOf(interactive['type'])?.toLowerCase() ?? '';
  const check = Object.hasOwn(ACTIONS, type) ? ACTIONS[type] : undefined;
  if (check === undefined) throw badValue(`Invalid interactive type: ${type}`);
  const limit = type === 'list' ? MAX.listBody : MAX.body;
  if (WITHOUT_BODY.includes(type)) checkText(recordOf(interactive['body'])['text'], limit, 'Body text');
  else requireText(recordOf(interactive['body']), 'text', limit, 'Body text');
  checkText(recordOf(interactive['footer'])['text'], MAX.footer, 'Footer text');
  checkHeader(recordOf(interactive['header']), type);
  if (interactive['action'] === undefined) throw missingValue('action is required');
  check(recordOf(interactive['action']));
};

const checkHeader = (header: Json, type: string): void => {
  if (header['type'] === 'text') requireText(header, 'text', MAX.header, 'Header text');
  else if (type === 'list' && header['type'] !== undefined) throw badValue('Header of a list must be of type text');
};
