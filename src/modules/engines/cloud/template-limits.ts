import type { TemplateComponent, TemplateContent, TemplateParameter } from './cloud-content.js';
import { type ContentFault, countFaults, textFaults, unless } from './content-fault.js';

type Faults = readonly ContentFault[];

/** "Templates: overview". */
const NAME_CHARACTERS = 512;
const NAME = /^[a-z0-9_]+$/;
/** A language, or a language of a country: `pt`, `pt_BR`, `zh_Hans_CN`. */
const LANGUAGE = /^[a-z]{2,3}(?:_[A-Za-z0-9]{2,8})*$/;
/** "Template components": at most ten buttons, and ten cards of a carousel. */
const BUTTON_INDEX = /^[0-9]$/;
const CARDS = { min: 2, max: 10 } as const;
/** "Coupon code templates". */
const COUPON_CHARACTERS = 20;
/** "Error codes", 132018: no line break, no tab, no more than four spaces in a row. */
const NOT_IN_A_VALUE = /[\r\n\t]| {5}/;

/** What is wrong with the value of a variable, wherever it stands. */
export const valueFaults = (place: string, text: string): Faults => [
  ...unless(text.trim() !== '', place, 'empty', 'must not be empty.'),
  ...unless(
    !NOT_IN_A_VALUE.test(text),
    place,
    'white-space',
    'must have no line break, no tab and no more than four spaces in a row.',
  ),
];

const parameterFaults = (place: string, parameter: TemplateParameter): Faults => {
  switch (parameter.type) {
    case 'text':
      return valueFaults(`${place}/text`, parameter.text);
    case 'coupon_code':
      return textFaults(`${place}/coupon_code`, parameter.coupon_code, COUPON_CHARACTERS);
    case 'payload':
      return textFaults(`${place}/payload`, parameter.payload, Infinity);
    default:
      return [];
  }
};

const componentFaults = (place: string, component: TemplateComponent): Faults => {
  if (component.type === 'carousel') {
    return [
      ...countFaults(`${place}/cards`, component.cards.length, CARDS.min, CARDS.max),
      ...component.cards.flatMap(({ components }, index) =>
        componentsFaults(`${place}/cards/${String(index)}/components`, components),
      ),
    ];
  }
  return [
    ...(component.type === 'button'
      ? unless(BUTTON_INDEX.test(component.index), `${place}/index`, 'range', 'must be from 0 to 9.')
      : []),
    ...component.parameters.flatMap((parameter, index) =>
      parameterFaults(`${place}/parameters/${String(index)}`, parameter),
    ),
  ];
};

const componentsFaults = (place: string, components: readonly TemplateComponent[]): Faults =>
  components.flatMap((component, index) => componentFaults(`${place}/${String(index)}`, component));

/** Everything in which a template's values exceed what Meta documents for every template. */
export const templateFaults = ({ name, language, components }: TemplateContent): Faults => [
  ...textFaults('/name', name, NAME_CHARACTERS),
  ...unless(NAME.test(name), '/name', 'characters', 'must have lower-case letters, digits and underscores only.'),
  ...unless(LANGUAGE.test(language), '/language', 'not-a-language', 'must be a language such as pt_BR.'),
  ...componentsFaults('/components', components),
];
