import { isRecord, type Json, listOf, recordOf, recordsOf, textOf } from '../base/json.js';
import { GraphError, invalid, missingValue } from '../graph/graph-error.js';
import { checkMediaObject } from '../messages/content.js';
import { lengthOf } from '../messages/checks.js';
import { type Template } from '../state/template-store.js';
import { buttonsOf, cardsOf, partOf, wordOf } from './parts.js';
import { fillIn, variablesOf } from './variables.js';

const MAX_BODY = 1024;
const MEDIA = ['IMAGE', 'VIDEO', 'DOCUMENT', 'LOCATION', 'GIF'];
/** Line breaks, tabs and more than four spaces in a row are refused ("Error codes", 132018). */
const FORBIDDEN = /[\n\t]| {5,}/;
/** Buttons that need a value each time; a copied code only when it is sent as a coupon or a one-time code. */
const NEEDS_VALUE = ['OTP', 'COPY_CODE'];

interface Sent {
  readonly format: Template['parameterFormat'];
  readonly components: readonly Json[];
}

/** Compares what a message brings with what the template needs ("Templates", components and errors 1320xx). */
export const checkParameters = ({ components, parameterFormat }: Template, content: Json): void => {
  const sent: Sent = { format: parameterFormat, components: recordsOf(content['components']) };
  checkHeader(partOf(components, 'HEADER'), sent);
  checkText(partOf(components, 'BODY') ?? {}, sent, 'body');
  checkButtons(buttonsOf(components), sent.components);
  checkCards(cardsOf(components), sent);
};

const parametersOf = (components: readonly Json[], type: string): readonly Json[] =>
  recordsOf(components.find((component) => wordOf(component['type']) === type.toUpperCase())?.['parameters']);

const checkHeader = (header: Json | undefined, sent: Sent): void => {
  const parameters = parametersOf(sent.components, 'header');
  const format = wordOf(header?.['format']);
  if (!MEDIA.includes(format)) {
    checkText(header ?? {}, sent, 'header');
    return;
  }
  const [parameter = {}] = parameters;
  const received = wordOf(parameter['type']) || 'UNKNOWN';
  if (received !== format) throw mismatch(`header: Format mismatch, expected ${format}, received ${received}`);
  const media = parameter[format.toLowerCase()];
  if (format !== 'LOCATION') checkMediaObject(recordOf(media), 'header');
};

const mismatch = (details: string): GraphError => new GraphError({ code: 132012, details });

const checkText = (part: Json, sent: Sent, place: 'header' | 'body'): void => {
  const text =
    textOf(part['text']) ?? (place === 'body' && part['add_security_recommendation'] !== undefined ? '{{1}}' : '');
  const variables = variablesOf(text);
  const parameters = parametersOf(sent.components, place);
  if (parameters.length !== variables.length) {
    throw new GraphError({
      code: 132000,
      details:
        `${place}: number of localizable_params (${String(parameters.length)}) does not match the expected ` +
        `number of params (${String(variables.length)})`,
    });
  }
  const values = new Map(parameters.map((parameter, at) => [nameOf(parameter, at, sent, place), valueOf(parameter)]));
  const absent = variables.find((name) => !values.has(name));
  if (absent !== undefined) throw mismatch(`${place}: parameter ${absent} is missing`);
  const filled = fillIn(text, values);
  if (place === 'body' && lengthOf(filled) > MAX_BODY) {
    throw new GraphError({ code: 132005, details: `body: ${String(lengthOf(filled))} characters when filled in` });
  }
};

const nameOf = (parameter: Json, at: number, { format }: Sent, place: string): string => {
  const name = textOf(parameter['parameter_name']);
  if (format === 'POSITIONAL') return String(at + 1);
  if (name === undefined || name === '') throw mismatch(`${place}: Parameter name is missing or empty`);
  return name;
};

const valueOf = (parameter: Json): string => {
  const type = textOf(parameter['type']) ?? '';
  const content = parameter[type];
  const value = isRecord(content) ? textOf(content['fallback_value']) : textOf(content);
  if (value === undefined || value === '') throw invalid(`Parameter of type ${type} is missing text value`);
  if (FORBIDDEN.test(value)) {
    throw new GraphError({
      code: 132018,
      details: 'A value has a line break, a tab or more than four spaces in a row',
    });
  }
  return value;
};

const checkButtons = (buttons: readonly Json[], components: readonly Json[]): void => {
  const sent = components.filter((component) => wordOf(component['type']) === 'BUTTON');
  const at = (index: number): Json | undefined => sent.find((button) => Number(button['index']) === index);
  for (const button of sent) {
    if (buttons[Number(button['index'])] === undefined)
      throw mismatch(`buttons: No button at index ${String(button['index'])}`);
  }
  for (const [index, button] of buttons.entries()) {
    if (!needsValue(button)) continue;
    const [parameter] = listOf(at(index)?.['parameters']);
    if (!isRecord(parameter)) {
      const type = wordOf(button['type']) === 'COPY_CODE' ? 'CopyCode' : 'Url';
      throw missingValue(`buttons: Button at index ${String(index)} of type ${type} requires a parameter`);
    }
  }
};

const needsValue = (button: Json): boolean => {
  const type = wordOf(button['type']);
  return NEEDS_VALUE.includes(type) || (type === 'URL' && variablesOf(textOf(button['url']) ?? '').length > 0);
};

const checkCards = (cards: readonly (readonly Json[])[], { components, format }: Sent): void => {
  if (cards.length === 0) return;
  const carousel = components.find((component) => wordOf(component['type']) === 'CAROUSEL');
  const sent = recordsOf(carousel?.['cards']);
  if (sent.length !== cards.length) throw mismatch(`carousel: expected ${String(cards.length)} cards`);
  for (const [index, card] of cards.entries()) {
    const own: Sent = { format, components: recordsOf(sent[index]?.['components']) };
    checkHeader(partOf(card, 'HEADER'), own);
    checkText(partOf(card, 'BODY') ?? {}, own, 'body');
    checkButtons(buttonsOf(card), own.components);
  }
};
