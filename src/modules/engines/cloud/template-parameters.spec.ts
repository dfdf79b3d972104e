import fc from 'fast-check';

import { readTemplate, type TemplateDefinition } from './template-definition.js';
import { fillTemplate, type HeaderValue, type TemplateVariables } from './template-parameters.js';

const template = (components: readonly object[], more: object = {}): TemplateDefinition => {
  const read = readTemplate({ name: 'order', language: 'en_US', category: 'UTILITY', components, ...more });
  if (read === null) throw new Error('there is no template');
  return read;
};
const body = (text: string): object => ({ type: 'BODY', text });
const buttons = (...list: readonly object[]): object => ({ type: 'BUTTONS', buttons: list });
const header = (format: string, text?: string): object => ({ type: 'HEADER', format, text });

const components = (definition: TemplateDefinition, variables: TemplateVariables): unknown => {
  const filled = fillTemplate(definition, variables);
  return filled.kind === 'filled' ? filled.components : filled;
};
const faults = (definition: TemplateDefinition, variables: TemplateVariables): unknown => {
  const filled = fillTemplate(definition, variables);
  return filled.kind === 'refused' ? filled.faults.map(({ place, limit }) => [place, limit]) : filled;
};
const texts = (...list: readonly string[]): readonly object[] => list.map((text) => ({ type: 'text', text }));

const GREETING = template([body('Hi {{1}}! Your order number is {{2}}.')]);
const NAMED = template([body('Thanks, {{first_name}}! It is {{order_number}}.')], { parameter_format: 'NAMED' });

describe('the text of a template', () => {
  it('takes values in their order', () => {
    const filled = [{ type: 'body', parameters: texts('Pablo', '860') }];
    expect(components(GREETING, { body: ['Pablo', '860'] })).toEqual(filled);
    expect(components(GREETING, { body: { 2: '860', 1: 'Pablo' } })).toEqual(filled);
  });

  it('takes values by name', () => {
    const values = { order_number: '860', first_name: 'Pablo' };
    expect(components(NAMED, { body: values })).toEqual([
      {
        type: 'body',
        parameters: [
          { type: 'text', text: 'Pablo', parameter_name: 'first_name' },
          { type: 'text', text: '860', parameter_name: 'order_number' },
        ],
      },
    ]);
  });

  it('knows named variables though Meta does not say so', () => {
    expect(template([body('Hi {{name}}')]).format).toBe('named');
    expect(template([body('Hi {{1}}')]).format).toBe('positional');
    expect(template([body('Hi')]).format).toBe('positional');
  });

  it('takes a variable that stands twice only once, and ten after nine', () => {
    const many = template([body('{{10}} {{2}} {{1}} {{3}} {{4}} {{5}} {{6}} {{7}} {{8}} {{9}} {{1}}')]);
    expect(many.body).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
  });

  it.each<[string, TemplateDefinition, TemplateVariables, unknown]>([
    [
      'nothing',
      GREETING,
      {},
      [
        ['/body/1', 'missing'],
        ['/body/2', 'missing'],
      ],
    ],
    ['one value too few', GREETING, { body: ['a'] }, [['/body/2', 'missing']]],
    ['one value too many', GREETING, { body: ['a', 'b', 'c'] }, [['/body/3', 'superfluous']]],
    ['a value that is no text', GREETING, { body: ['a', null] }, [['/body/2', 'wrong-kind']]],
    ['a number', GREETING, { body: [7, 'b'] }, [['/body/1', 'wrong-kind']]],
    ['an empty value', GREETING, { body: ['a', ' '] }, [['/body/2', 'empty']]],
    ['a line break', GREETING, { body: ['a\nb', 'b'] }, [['/body/1', 'white-space']]],
    ['a tab', GREETING, { body: ['a\tb', 'b'] }, [['/body/1', 'white-space']]],
    ['five spaces', GREETING, { body: ['a     b', 'b'] }, [['/body/1', 'white-space']]],
    ['a list for named variables', NAMED, { body: ['a', 'b'] }, [['/body', 'wrong-kind']]],
    [
      'names for numbered variables',
      GREETING,
      { body: { name: 'a', 1: 'b' } },
      [
        ['/body/2', 'missing'],
        ['/body/name', 'superfluous'],
      ],
    ],
    [
      'another name',
      NAMED,
      { body: { first_name: 'a', number: 'b' } },
      [
        ['/body/order_number', 'missing'],
        ['/body/number', 'superfluous'],
      ],
    ],
    ['an inherited name', template([body('{{constructor}}')]), { body: {} }, [['/body/constructor', 'missing']]],
    [
      'a list for a text without named variables',
      template([body('Hi')], { parameter_format: 'NAMED' }),
      { body: ['a'] },
      [['/body/1', 'superfluous']],
    ],
    ['values for a text without variables', template([body('Hi')]), { body: ['a'] }, [['/body/1', 'superfluous']]],
  ])('is refused with %s', (_name, definition, variables, expected) => {
    expect(faults(definition, variables)).toEqual(expected);
  });

  it('takes four spaces', () => {
    expect(faults(GREETING, { body: ['a    b', 'b'] })).toMatchObject({ kind: 'filled' });
  });

  it('needs exactly the values that it has variables for', () => {
    const counts = fc.integer({ min: 0, max: 8 });
    fc.assert(
      fc.property(counts, counts, (variables, values) => {
        const names = Array.from({ length: variables }, (_, index) => `{{${String(index + 1)}}}`);
        const given = Array.from({ length: values }, (_, index) => `v${String(index)}`);
        const filled = fillTemplate(template([body(`a ${names.join(' ')}`)]), { body: given });
        expect(filled.kind).toBe(variables === values ? 'filled' : 'refused');
        if (filled.kind === 'refused') expect(filled.faults).toHaveLength(Math.abs(variables - values));
      }),
    );
  });
});

describe('the header of a template', () => {
  const file = { file: { mediaId: '77', fileName: 'a.pdf' } };
  const location = { latitude: 1, longitude: 2, name: 'n', address: 'a' };

  it.each<[string, HeaderValue, object]>([
    ['IMAGE', file, { type: 'image', image: { id: '77', filename: 'a.pdf' } }],
    ['video', { file: { link: 'https://x' } }, { type: 'video', video: { link: 'https://x' } }],
    ['DOCUMENT', file, { type: 'document', document: { id: '77', filename: 'a.pdf' } }],
    ['LOCATION', { location }, { type: 'location', location }],
    [
      'PRODUCT',
      { product: { productId: 'p', catalogId: 'c' } },
      { type: 'product', product: { product_retailer_id: 'p', catalog_id: 'c' } },
    ],
  ])('takes what it is made for: %s', (format, value, parameter) => {
    const definition = template([header(format), body('Hi')]);
    expect(components(definition, { header: value })).toEqual([{ type: 'header', parameters: [parameter] }]);
    expect(faults(definition, {})).toEqual([['/header', 'missing']]);
    expect(faults(definition, { header: { text: ['a'] } })).toEqual([['/header', 'wrong-kind']]);
  });

  it('takes the values of its text', () => {
    const definition = template([header('TEXT', 'Our {{1}}'), body('Hi')]);
    expect(components(definition, { header: { text: ['Sale'] } })).toEqual([
      { type: 'header', parameters: texts('Sale') },
    ]);
    expect(faults(definition, {})).toEqual([['/header/1', 'missing']]);
    expect(faults(definition, { header: file })).toEqual([['/header', 'wrong-kind']]);
  });

  it('takes nothing where there is nothing to take', () => {
    expect(faults(GREETING, { header: file, body: ['a', 'b'] })).toEqual([['/header', 'superfluous']]);
    const fixed = template([header('TEXT', 'Our sale'), body('Hi')]);
    expect(faults(fixed, { header: { text: ['a'] } })).toEqual([['/header', 'superfluous']]);
    expect(components(fixed, {})).toEqual([]);
  });

  it('takes nothing of a format that is not known', () => {
    expect(faults(template([header('HOLOGRAM')]), { header: file })).toEqual([['/header', 'wrong-kind']]);
  });
});

describe('an offer that ends', () => {
  const offer = (has_expiration: boolean): TemplateDefinition =>
    template([{ type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Now!', has_expiration } }, body('Hi')]);
  const offerExpiresAt = new Date('2026-12-24T00:00:00Z');

  it('needs its end', () => {
    expect(components(offer(true), { offerExpiresAt })).toEqual([
      {
        type: 'limited_time_offer',
        parameters: [
          { type: 'limited_time_offer', limited_time_offer: { expiration_time_ms: offerExpiresAt.getTime() } },
        ],
      },
    ]);
    expect(faults(offer(true), {})).toEqual([['/offerExpiresAt', 'missing']]);
    expect(faults(offer(false), { offerExpiresAt })).toEqual([['/offerExpiresAt', 'superfluous']]);
  });
});

describe('a carousel', () => {
  const card = (): object => ({
    components: [
      header('image'),
      body('It costs {{1}}.'),
      buttons({ type: 'quick_reply' }, { type: 'url', url: 'https://example.com/{{1}}' }),
    ],
  });
  const carousel = template([body('For {{1}}'), { type: 'carousel', cards: [card(), card()] }]);
  const values = (price: string): TemplateVariables => ({
    header: { file: { mediaId: price } },
    body: [price],
    buttons: { 0: `more-${price}`, 1: price },
  });
  const filledCard = (card_index: number, price: string): object => ({
    card_index,
    components: [
      { type: 'header', parameters: [{ type: 'image', image: { id: price } }] },
      { type: 'body', parameters: texts(price) },
      {
        type: 'button',
        sub_type: 'quick_reply',
        index: '0',
        parameters: [{ type: 'payload', payload: `more-${price}` }],
      },
      { type: 'button', sub_type: 'url', index: '1', parameters: texts(price) },
    ],
  });

  it('takes the values of every card', () => {
    expect(components(carousel, { body: ['Pablo'], cards: [values('10'), values('20')] })).toEqual([
      { type: 'body', parameters: texts('Pablo') },
      { type: 'carousel', cards: [filledCard(0, '10'), filledCard(1, '20')] },
    ]);
  });

  it('needs as many cards as are approved', () => {
    const given = (...cards: TemplateVariables[]): unknown => faults(carousel, { body: ['a'], cards });
    expect(given(values('1'))).toEqual([['/cards', 'missing']]);
    expect(given(values('1'), values('2'), values('3'))).toEqual([['/cards', 'superfluous']]);
    expect(faults(GREETING, { body: ['a', 'b'], cards: [values('1')] })).toEqual([['/cards', 'superfluous']]);
  });

  it('names the card in which a value is missing', () => {
    const second = { body: [], buttons: { 1: '2' } };
    expect(faults(carousel, { body: ['a'], cards: [values('1'), second] })).toEqual([
      ['/cards/1/header', 'missing'],
      ['/cards/1/body/1', 'missing'],
    ]);
  });
});
