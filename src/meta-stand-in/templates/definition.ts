import { type Json, listOf, recordOf, textOf } from '../base/json.js';
import { GraphError, invalid, missing } from '../graph/graph-error.js';
import { lengthOf } from '../messages/checks.js';
import { buttonsOf, cardsOf, partOf, wordOf } from './parts.js';
import { variablesOf } from './variables.js';

/** "Template components" and "Templates, Overview" state these. */
const MAX = { name: 512, header: 60, body: 1024, footer: 60, buttons: 10, buttonText: 25, urls: 2 };
const NAME = /^[a-z0-9_]+$/;
const LANGUAGE = /^[a-z]{2,3}(?:_[A-Za-z]{2,4})?$/;
const CATEGORIES = ['AUTHENTICATION', 'MARKETING', 'UTILITY'];

/** The subcodes of creation and editing ("Error codes", template creation errors). */
const SUBCODES = {
  tooLong: 2388040,
  header: 2388047,
  body: 2388072,
  footer: 2388073,
  variablesAtEdge: 2388299,
  tooManyVariables: 2388293,
};

export const templateFault = (subcode: number, title: string, text: string): GraphError =>
  new GraphError({
    code: 100,
    message: 'Invalid parameter',
    subcode,
    isTransient: false,
    userTitle: title,
    userMessage: text,
  });

export const checkName = (body: Json): string => {
  const name = textOf(body['name']);
  if (name === undefined || name === '') throw missing('name');
  if (!NAME.test(name) || name.length > MAX.name) {
    throw invalid('name may have lower case letters, digits and underscores only');
  }
  return name;
};

export const checkLanguage = (body: Json): string => {
  const language = textOf(body['language']);
  if (language === undefined || language === '') throw missing('language');
  if (!LANGUAGE.test(language)) throw invalid(`language ${language} is not valid`);
  return language;
};

export const checkCategory = (body: Json): string => {
  const category = wordOf(body['category']);
  if (category === '') throw missing('category');
  if (!CATEGORIES.includes(category)) throw invalid(`category must be one of ${CATEGORIES.join(', ')}`);
  return category;
};

/** The parts of a template, each within its limits and with an example for every variable. */
export const checkComponents = (components: readonly Json[], category: string): void => {
  if (components.length === 0) throw missing('components');
  const body = partOf(components, 'BODY');
  if (body === undefined) throw templateFault(SUBCODES.body, 'Missing body', 'A template needs a body.');
  // The text of an authentication template is Meta's own.
  if (category !== 'AUTHENTICATION' || body['text'] !== undefined) checkBody(body);
  checkHeader(partOf(components, 'HEADER') ?? {});
  checkFooter(partOf(components, 'FOOTER') ?? {});
  checkButtons(buttonsOf(components));
  for (const card of cardsOf(components)) checkButtons(buttonsOf(card));
};

const checkLength = (text: string, limit: number, place: string): void => {
  if (lengthOf(text) <= limit) return;
  throw templateFault(SUBCODES.tooLong, 'Too long', `The ${place} must not exceed ${String(limit)} characters.`);
};

const checkBody = (body: Json): void => {
  const text = textOf(body['text']) ?? '';
  if (text === '') throw templateFault(SUBCODES.body, 'Missing text', 'The body has no text.');
  checkLength(text, MAX.body, 'body');
  const variables = variablesOf(text);
  if (/^\s*\{\{|\}\}\s*$/.test(text)) {
    throw templateFault(
      SUBCODES.variablesAtEdge,
      'Variable at the edge',
      'A body neither starts nor ends with a variable.',
    );
  }
  const words = text.split(/\s+/).length;
  if (words < 2 * variables.length + 1) {
    throw templateFault(SUBCODES.tooManyVariables, 'Too many variables', 'The body is too short for its variables.');
  }
  const example = recordOf(body['example']);
  const examples = [...listOf(listOf(example['body_text'])[0]), ...listOf(example['body_text_named_params'])];
  if (examples.length < variables.length) {
    throw templateFault(SUBCODES.body, 'Missing examples', 'Each variable of the body needs an example.');
  }
};

const checkHeader = (header: Json): void => {
  if (wordOf(header['format']) !== 'TEXT') return;
  const text = textOf(header['text']) ?? '';
  checkLength(text, MAX.header, 'header');
  if (variablesOf(text).length > 1) {
    throw templateFault(SUBCODES.header, 'Too many variables', 'A header may have one variable.');
  }
};

const checkFooter = (footer: Json): void => {
  const text = textOf(footer['text']) ?? '';
  checkLength(text, MAX.footer, 'footer');
  if (variablesOf(text).length > 0) {
    throw templateFault(SUBCODES.footer, 'Variable in the footer', 'A footer may not have variables.');
  }
};

const checkButtons = (buttons: readonly Json[]): void => {
  if (buttons.length > MAX.buttons) throw invalid(`A template may have ${String(MAX.buttons)} buttons`);
  const count = (type: string): number => buttons.filter((button) => wordOf(button['type']) === type).length;
  if (count('URL') > MAX.urls || count('PHONE_NUMBER') > 1 || count('COPY_CODE') > 1) {
    throw invalid('Too many buttons of one type');
  }
  for (const button of buttons) checkLength(textOf(button['text']) ?? '', MAX.buttonText, 'text of a button');
};
