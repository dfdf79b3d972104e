import fc from 'fast-check';

import { describeWithPayloads, samplesOf } from '../../../../test/support/meta-payloads.js';
import { readTemplate, readTemplates, type TemplateDefinition } from './template-definition.js';
import { fillTemplate, type TemplateVariables } from './template-parameters.js';

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

describe(readTemplate.name, () => {
  it('reads what Meta lists', () => {
    const listed = { id: '12', status: 'APPROVED', parameter_format: 'POSITIONAL' };
    expect(template([header('IMAGE'), body('{{1}}'), buttons({ type: 'URL', url: 'https://x' })], listed)).toEqual({
      ...{ id: '12', name: 'order', language: 'en_US', status: 'APPROVED', category: 'UTILITY', format: 'positional' },
      ...{ header: { format: 'image' }, body: ['1'], buttons: ['url'], hasExpiry: false, cards: [] },
    });
  });

  it('reads no template without a name or a language, and never throws', () => {
    expect(readTemplate({ name: 'a' })).toBeNull();
    expect(readTemplate({ language: 'en' })).toBeNull();
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (raw, part) => {
        readTemplate(raw);
        const read = readTemplate({
          name: 'a',
          language: 'en',
          components: [part, { type: 'BUTTONS', buttons: [part] }],
        });
        if (read !== null) expect(['filled', 'refused']).toContain(fillTemplate(read, {}).kind);
      }),
    );
  });
});

describe(readTemplates.name, () => {
  it('reads the list of an answer, and leaves out what is none', () => {
    const data = [{ name: 'a', language: 'en' }, { name: 'b' }, null, { name: 'c', language: 'pt_BR' }];
    expect(readTemplates({ data }).map(({ name }) => name)).toEqual(['a', 'c']);
    expect(readTemplates({})).toEqual([]);
  });
});

describeWithPayloads('templates and sends as Meta documents them', () => {
  const sent = (name: string): unknown => {
    const [sample] = samplesOf('outbound/requests').filter((one) => one.name.endsWith(`/${name}.json`));
    return (sample?.json as { template: { components: unknown } }).template.components;
  };
  const created = (name: string): TemplateDefinition => {
    const [sample] = samplesOf('templates').filter((one) => one.name.endsWith(`/${name}.json`));
    const read = readTemplate({ language: 'en_US', ...(sample?.json as object) });
    if (read === null) throw new Error(`there is no template in ${name}`);
    return read;
  };

  it('fit together: numbers', () => {
    const definition = created('res-overview-positional-parameters');
    expect(components(definition, { body: ['Jessica', 'SKBUP2-4CPIG9'] })).toEqual(
      sent('template-order-confirmation-02'),
    );
  });

  it('fit together: names', () => {
    const values = { first_name: 'Jessica', order_number: 'SKBUP2-4CPIG9' };
    const definition = created('res-overview-named-parameters');
    expect(components(definition, { body: values })).toEqual(sent('template-order-confirmation-01'));
  });

  it('fit together: a code', () => {
    const definition = created('template-create-authentication-authentication-code-copy-code');
    expect(components(definition, { body: ['J$FpnYnP'] })).toEqual(sent('template-auth-copy-code'));
  });

  it('fit together: products', () => {
    const [, , { parameters }] = sent('template-abandoned-cart') as [
      unknown,
      unknown,
      { parameters: [{ action: object }] },
    ];
    const variables = { header: { text: ['Pablo'] }, body: ['10OFF'], buttons: { 0: parameters[0].action } };
    // Meta takes the place of a button as a number and as a text.
    const [headerPart, bodyPart, button] = sent('template-abandoned-cart') as [unknown, unknown, object];
    expect(components(created('template-create-buttons-abandoned-cart'), variables)).toEqual([
      ...[headerPart, bodyPart, { ...button, index: '0' }],
    ]);
  });

  it('are all understood', () => {
    const definitions = samplesOf('templates')
      .map(({ json }) => readTemplate(json))
      .filter((read) => read !== null);
    expect(definitions.length).toBeGreaterThan(15);
    for (const definition of definitions) {
      expect(definition.header?.format).not.toBe('other');
      const names = definition.body.map((name) => [name, 'value'] as const);
      const filled = fillTemplate(definition, { body: Object.fromEntries(names) });
      const places = filled.kind === 'refused' ? filled.faults.map(({ place }) => place) : [];
      expect(places.filter((place) => place.startsWith('/body'))).toEqual([]);
    }
  });
});
