import type { TemplateComponent, TemplateParameter } from './cloud-content.js';
import { type ContentFault, textFaults } from './content-fault.js';
import type { ButtonKind } from './template-definition.js';
import { valueFaults } from './template-limits.js';
import { missing, superfluous, wrongKind } from './template-values.js';
import { asRecord } from './untrusted-json.js';

type SubType = Extract<TemplateComponent, { type: 'button' }>['sub_type'];

interface ButtonRule {
  readonly subType: SubType;
  readonly isRequired: boolean;
  /** For people: what the button needs. */
  readonly needs: string;
  readonly read: (place: string, value: unknown) => TemplateParameter | readonly ContentFault[];
}

/** "Coupon code templates". */
const COUPON_CHARACTERS = 20;
/** "Authentication templates". */
export const CODE_CHARACTERS = 15;

type ReadText = (place: string, text: string) => readonly ContentFault[];

const textOf =
  (what: string, faultsOf: ReadText, parameterOf: (text: string) => TemplateParameter): ButtonRule['read'] =>
  (place, value) => {
    if (typeof value !== 'string') return wrongKind(place, what);
    const faults = faultsOf(place, value);
    return faults.length > 0 ? faults : parameterOf(value);
  };

const asText = (text: string): TemplateParameter => ({ type: 'text', text });

const actionOf =
  (what: string): ButtonRule['read'] =>
  (place, value) => {
    const action = asRecord(value);
    return action === null ? wrongKind(place, what) : { type: 'action', action };
  };

const URL_END = 'the end of its address';
const CODE = 'the code';
const COUPON = 'the coupon code';
const PAYLOAD = 'the text that comes back when it is tapped';
const FLOW = 'an object with flow_token and flow_action_data';
const CATALOG = 'an object with thumbnail_product_retailer_id';
const PRODUCTS = 'an object with thumbnail_product_retailer_id and sections';

const RULES: Readonly<Record<Exclude<ButtonKind, 'url' | 'fixed'>, ButtonRule>> = {
  'quick-reply': {
    ...{ subType: 'quick_reply', isRequired: false, needs: PAYLOAD },
    read: textOf(
      PAYLOAD,
      (place, text) => textFaults(place, text, Infinity),
      (payload) => ({ type: 'payload', payload }),
    ),
  },
  'url-with-variable': {
    ...{ subType: 'url', isRequired: true, needs: URL_END },
    read: textOf(URL_END, valueFaults, asText),
  },
  code: {
    ...{ subType: 'url', isRequired: true, needs: CODE },
    read: textOf(CODE, (place, text) => textFaults(place, text, CODE_CHARACTERS), asText),
  },
  coupon: {
    ...{ subType: 'copy_code', isRequired: true, needs: COUPON },
    read: textOf(
      COUPON,
      (place, text) => textFaults(place, text, COUPON_CHARACTERS),
      (coupon_code) => ({ type: 'coupon_code', coupon_code }),
    ),
  },
  flow: { subType: 'flow', isRequired: false, needs: FLOW, read: actionOf(FLOW) },
  catalog: { subType: 'catalog', isRequired: false, needs: CATALOG, read: actionOf(CATALOG) },
  products: { subType: 'mpm', isRequired: true, needs: PRODUCTS, read: actionOf(PRODUCTS) },
};

export interface FilledButton {
  /** Null for a button that needs none. */
  readonly component: TemplateComponent | null;
  readonly faults: readonly ContentFault[];
}

/** The value of the button at this place of the template. */
export const fillButton = (kind: ButtonKind, index: number, value: unknown, place: string): FilledButton => {
  if (kind === 'url' || kind === 'fixed') {
    return { component: null, faults: value === undefined ? [] : superfluous(place) };
  }
  const { subType, isRequired, needs, read } = RULES[kind];
  if (value === undefined) return { component: null, faults: isRequired ? missing(place, needs) : [] };
  const result = read(place, value);
  if (!('type' in result)) return { component: null, faults: result };
  const component: TemplateComponent = {
    ...{ type: 'button', sub_type: subType, index: String(index), parameters: [result] },
  };
  return { component, faults: [] };
};
