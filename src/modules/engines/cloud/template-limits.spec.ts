import type { TemplateComponent, TemplateContent } from './cloud-content.js';
import { templateFaults } from './template-limits.js';

const template = (more: Partial<TemplateContent> = {}): TemplateContent => ({
  ...{ type: 'template', name: 'order_1', language: 'en_US', components: [] },
  ...more,
});
const faults = (content: TemplateContent): readonly (readonly [string, string])[] =>
  templateFaults(content).map(({ place, limit }) => [place, limit] as const);
const text = (value: string): TemplateComponent => ({ type: 'body', parameters: [{ type: 'text', text: value }] });
const button = (index: string): TemplateComponent => ({
  ...{ type: 'button', sub_type: 'quick_reply', index, parameters: [{ type: 'payload', payload: 'a' }] },
});
const carousel = (count: number, components: readonly TemplateComponent[] = []): TemplateComponent => ({
  type: 'carousel',
  cards: Array.from({ length: count }, (_, card_index) => ({ card_index, components })),
});

describe(templateFaults.name, () => {
  it.each(['en', 'en_US', 'pt_BR', 'zh_Hans_CN', 'fil'])('takes the language %s', (language) => {
    expect(faults(template({ language }))).toEqual([]);
  });

  it.each(['', 'e', 'en-US', 'EN', 'english'])('takes no language %j', (language) => {
    expect(faults(template({ language }))).toEqual([['/language', 'not-a-language']]);
  });

  it('takes a name of 512 small letters, digits and underscores', () => {
    expect(faults(template({ name: 'a'.repeat(512) }))).toEqual([]);
    expect(faults(template({ name: 'a'.repeat(513) }))).toEqual([['/name', 'length']]);
    expect(faults(template({ name: 'Order' }))).toEqual([['/name', 'characters']]);
    expect(faults(template({ name: '' }))).toEqual([
      ['/name', 'empty'],
      ['/name', 'characters'],
    ]);
  });

  it.each([
    ['a\nb', 'white-space'],
    ['a\rb', 'white-space'],
    ['a\tb', 'white-space'],
    ['a     b', 'white-space'],
    ['', 'empty'],
  ])('takes no value %j', (value, limit) => {
    expect(faults(template({ components: [text('a'), text(value)] }))).toEqual([
      ['/components/1/parameters/0/text', limit],
    ]);
  });

  it('takes a coupon of 20 characters, and no empty payload', () => {
    const coupon = (coupon_code: string): TemplateContent =>
      template({
        components: [
          { type: 'button', sub_type: 'copy_code', index: '0', parameters: [{ type: 'coupon_code', coupon_code }] },
        ],
      });
    expect(faults(coupon('a'.repeat(20)))).toEqual([]);
    expect(faults(coupon('a'.repeat(21)))).toEqual([['/components/0/parameters/0/coupon_code', 'length']]);
    const payload = { ...button('0'), parameters: [{ type: 'payload', payload: '' }] } as TemplateComponent;
    expect(faults(template({ components: [payload] }))).toEqual([['/components/0/parameters/0/payload', 'empty']]);
  });

  it('takes ten buttons', () => {
    expect(faults(template({ components: [button('0'), button('9')] }))).toEqual([]);
    for (const index of ['10', '-1', 'a', '']) {
      expect(faults(template({ components: [button(index)] }))).toEqual([['/components/0/index', 'range']]);
    }
  });

  it('takes two to ten cards, and looks into each', () => {
    expect(faults(template({ components: [carousel(2)] }))).toEqual([]);
    expect(faults(template({ components: [carousel(10)] }))).toEqual([]);
    for (const count of [0, 1, 11]) {
      expect(faults(template({ components: [carousel(count)] }))).toEqual([['/components/0/cards', 'count']]);
    }
    expect(faults(template({ components: [carousel(2, [text('a\n')])] }))).toEqual([
      ['/components/0/cards/0/components/0/parameters/0/text', 'white-space'],
      ['/components/0/cards/1/components/0/parameters/0/text', 'white-space'],
    ]);
  });
});
