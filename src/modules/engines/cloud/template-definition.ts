import { asRecord, isTrueAt, type JsonRecord, listAt, recordAt, recordsAt, textAt } from './untrusted-json.js';

export type ParameterFormat = 'positional' | 'named';

/** What stands above the text. `other` is a format that Meta has added since. */
export type HeaderPart =
  | { readonly format: 'text'; readonly placeholders: readonly string[] }
  | { readonly format: 'image' | 'video' | 'document' | 'location' | 'product' | 'other' };

export const BUTTON_KINDS = [
  ...(['quick-reply', 'url', 'url-with-variable', 'code', 'coupon', 'flow'] as const),
  ...(['catalog', 'products', 'fixed'] as const),
] as const;
/** `code`: of an authentication template; `fixed`: a button that takes no value, or one that Meta has added since. */
export type ButtonKind = (typeof BUTTON_KINDS)[number];

/** A template, or one card of its carousel, as far as values go into it. */
export interface TemplateParts {
  readonly header: HeaderPart | null;
  /** Names, or numbers from 1, in their order; each once. */
  readonly body: readonly string[];
  readonly buttons: readonly ButtonKind[];
  /** It has an offer that ends at a time. */
  readonly hasExpiry: boolean;
  readonly cards: readonly TemplateParts[];
}

export interface TemplateDefinition extends TemplateParts {
  readonly id: string | null;
  readonly name: string;
  readonly language: string;
  readonly status: string | null;
  readonly category: string | null;
  readonly format: ParameterFormat;
}

const PLACEHOLDER = /\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g;

const isNumber = (name: string): boolean => /^[0-9]+$/.test(name);

/** The variables of a text, each once: numbers by size, names as they come. */
export const placeholdersOf = (text: string): readonly string[] => {
  const names = [...new Set([...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name))];
  return names.every(isNumber) ? names.sort((a, b) => Number(a) - Number(b)) : names;
};

/** Types and formats come in upper case in answers, and in any case in what was sent to create a template. */
const kindAt = (record: JsonRecord, name: string): string => (textAt(record, name) ?? '').toUpperCase();

const HEADERS = new Map<string, Exclude<HeaderPart['format'], 'text' | 'other'>>([
  ['IMAGE', 'image'],
  ['VIDEO', 'video'],
  ['DOCUMENT', 'document'],
  ['LOCATION', 'location'],
  ['PRODUCT', 'product'],
]);

const headerOf = (component: JsonRecord | undefined): HeaderPart | null => {
  if (component === undefined) return null;
  const format = kindAt(component, 'format');
  if (format === 'TEXT') return { format: 'text', placeholders: placeholdersOf(textAt(component, 'text') ?? '') };
  return { format: HEADERS.get(format) ?? 'other' };
};

const BUTTONS = new Map<string, ButtonKind>([
  ['QUICK_REPLY', 'quick-reply'],
  ['OTP', 'code'],
  ['COPY_CODE', 'coupon'],
  ['FLOW', 'flow'],
  ['CATALOG', 'catalog'],
  ['MPM', 'products'],
]);

const buttonOf = (button: JsonRecord, isAuthentication: boolean): ButtonKind => {
  const type = kindAt(button, 'type');
  if (type !== 'URL') return BUTTONS.get(type) ?? 'fixed';
  if (placeholdersOf(textAt(button, 'url') ?? '').length === 0) return 'url';
  // An approved button that copies the code is listed as a link to a page of WhatsApp.
  return isAuthentication ? 'code' : 'url-with-variable';
};

const bodyOf = (component: JsonRecord | undefined): readonly string[] => {
  if (component === undefined) return [];
  const text = textAt(component, 'text');
  // The text of an authentication template is Meta's own, with the code as its only variable.
  return text === null ? ['1'] : placeholdersOf(text);
};

const partsOf = (holder: JsonRecord, isAuthentication: boolean): TemplateParts => {
  const components = recordsAt(holder, 'components');
  const find = (type: string): JsonRecord | undefined => components.find((one) => kindAt(one, 'type') === type);
  const buttons = recordsAt(find('BUTTONS') ?? null, 'buttons');
  const offer = recordAt(find('LIMITED_TIME_OFFER') ?? null, 'limited_time_offer');
  return {
    header: headerOf(find('HEADER')),
    body: bodyOf(find('BODY')),
    buttons: buttons.map((button) => buttonOf(button, isAuthentication)),
    hasExpiry: isTrueAt(offer, 'has_expiration'),
    cards: recordsAt(find('CAROUSEL') ?? null, 'cards').map((card) => partsOf(card, isAuthentication)),
  };
};

const namesIn = ({ header, body, cards }: TemplateParts): readonly string[] => [
  ...(header?.format === 'text' ? header.placeholders : []),
  ...body,
  ...cards.flatMap(namesIn),
];

const formatOf = (raw: JsonRecord, parts: TemplateParts): ParameterFormat => {
  const told = kindAt(raw, 'parameter_format');
  if (told !== '') return told === 'NAMED' ? 'named' : 'positional';
  return namesIn(parts).every(isNumber) ? 'positional' : 'named';
};

/** One element of `message_templates`; null for what has no name or no language. */
export const readTemplate = (raw: unknown): TemplateDefinition | null => {
  const record = asRecord(raw);
  const [name, language] = [textAt(record, 'name'), textAt(record, 'language')];
  if (record === null || name === null || language === null) return null;
  const category = textAt(record, 'category')?.toUpperCase() ?? null;
  const parts = partsOf(record, category === 'AUTHENTICATION');
  return {
    ...parts,
    ...{ id: textAt(record, 'id'), name, language, status: textAt(record, 'status'), category },
    format: formatOf(record, parts),
  };
};

/** The templates of an answer to `GET /{waba-id}/message_templates`. */
export const readTemplates = (answer: unknown): readonly TemplateDefinition[] =>
  listAt(asRecord(answer), 'data')
    .map(readTemplate)
    .filter((template) => template !== null);
