import { readTemplate, type TemplateDefinition } from './template-definition.js';
import { fillTemplate, type TemplateVariables } from './template-parameters.js';

const template = (components: readonly object[], more: object = {}): TemplateDefinition => {
  const read = readTemplate({ name: 'order', language: 'en_US', category: 'UTILITY', components, ...more });
  if (read === null) throw new Error('there is no template');
  return read;
};
const body = (text: string): object => ({ type: 'BODY', text });
const buttons = (...list: readonly object[]): object => ({ type: 'BUTTONS', buttons: list });

const components = (definition: TemplateDefinition, variables: TemplateVariables): unknown => {
  const filled = fillTemplate(definition, variables);
  return filled.kind === 'filled' ? filled.components : filled;
};
const faults = (definition: TemplateDefinition, variables: TemplateVariables): unknown => {
  const filled = fillTemplate(definition, variables);
  return filled.kind === 'refused' ? filled.faults.map(({ place, limit }) => [place, limit]) : filled;
};
const texts = (...list: readonly string[]): readonly object[] => list.map((text) => ({ type: 'text', text }));

describe('the buttons of a template', () => {
  const shop = { type: 'URL', text: 'Shop', url: 'https://example.com/{{1}}' };
  const button = (sub_type: string, index: string, parameter: object): object => ({
    ...{ type: 'button', sub_type, index, parameters: [parameter] },
  });

  it('take a value each, at their place', () => {
    const definition = template([
      body('Hi'),
      buttons({ type: 'QUICK_REPLY' }, shop, { type: 'COPY_CODE' }, { type: 'FLOW' }, { type: 'PHONE_NUMBER' }),
    ]);
    const action = { flow_token: 't' };
    expect(components(definition, { buttons: { 0: 'STOP', 1: 'summer', 2: '25OFF', 3: action } })).toEqual([
      button('quick_reply', '0', { type: 'payload', payload: 'STOP' }),
      button('url', '1', { type: 'text', text: 'summer' }),
      button('copy_code', '2', { type: 'coupon_code', coupon_code: '25OFF' }),
      button('flow', '3', { type: 'action', action }),
    ]);
  });

  it('may be left alone where that is allowed', () => {
    const definition = template([buttons({ type: 'QUICK_REPLY' }, { type: 'FLOW' }, { type: 'CATALOG' })]);
    expect(components(definition, {})).toEqual([]);
  });

  it.each<[string, object, unknown, unknown]>([
    ['no end of an address', shop, undefined, [['/buttons/0', 'missing']]],
    ['no coupon', { type: 'COPY_CODE' }, undefined, [['/buttons/0', 'missing']]],
    ['no products', { type: 'MPM' }, undefined, [['/buttons/0', 'missing']]],
    ['a coupon of 21 characters', { type: 'COPY_CODE' }, 'a'.repeat(21), [['/buttons/0', 'length']]],
    ['a text for products', { type: 'MPM' }, 'a', [['/buttons/0', 'wrong-kind']]],
    ['an object for an address', shop, {}, [['/buttons/0', 'wrong-kind']]],
    ['a line break in an address', shop, 'a\nb', [['/buttons/0', 'white-space']]],
    ['a value for a fixed address', { type: 'URL', url: 'https://x' }, 'a', [['/buttons/0', 'superfluous']]],
    ['a value for a number to call', { type: 'PHONE_NUMBER' }, 'a', [['/buttons/0', 'superfluous']]],
    ['a value for something new', { type: 'HOLOGRAM' }, 'a', [['/buttons/0', 'superfluous']]],
  ])('are refused with %s', (_name, definition, value, expected) => {
    const variables = value === undefined ? {} : { buttons: { 0: value } };
    expect(faults(template([buttons(definition)]), variables)).toEqual(expected);
  });

  it('are refused where there are none', () => {
    const variables = { buttons: { 1: 'a', x: 'b' } };
    expect(faults(template([buttons({ type: 'QUICK_REPLY' })]), variables)).toEqual([
      ['/buttons/1', 'superfluous'],
      ['/buttons/x', 'superfluous'],
    ]);
  });
});

describe('an authentication template', () => {
  const otp = 'https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}';

  it.each([
    ['as it is created', [{ type: 'BODY', add_security_recommendation: true }, buttons({ type: 'OTP' })]],
    ['as it is listed', [body('*{{1}}* is your code.'), buttons({ type: 'URL', url: otp })]],
  ])('has its code in the text and on the button, given once: %s', (_name, parts) => {
    const definition = template(parts, { category: 'authentication' });
    expect(components(definition, { body: ['J$FpnYnP'] })).toEqual([
      { type: 'body', parameters: texts('J$FpnYnP') },
      { type: 'button', sub_type: 'url', index: '0', parameters: texts('J$FpnYnP') },
    ]);
    expect(faults(definition, { body: ['1'.repeat(16)] })).toEqual([
      ['/body/1', 'length'],
      ['/buttons/0', 'length'],
    ]);
    expect(faults(definition, {})).toEqual([
      ['/body/1', 'missing'],
      ['/buttons/0', 'missing'],
    ]);
  });
});
