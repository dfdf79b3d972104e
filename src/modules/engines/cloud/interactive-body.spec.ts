import fc from 'fast-check';

import { describeWithPayloads, samplesOf } from '../../../../test/support/meta-payloads.js';
import type {
  ButtonsContent,
  CallToActionContent,
  FlowContent,
  InteractiveContent,
  ListContent,
} from './cloud-content.js';
import { interactiveBody } from './interactive-body.js';
import { interactiveFaults } from './interactive-limits.js';

const row = (id: string): { id: string; title: string } => ({ id, title: `Title ${id}` });
const rows = (count: number): { id: string; title: string }[] =>
  Array.from({ length: count }, (_, index) => row(String(index)));

const list = (more: Partial<ListContent> = {}): ListContent => ({
  ...{ type: 'list', body: 'Choose', button: 'Options', sections: [{ rows: rows(2) }] },
  ...more,
});
const buttons = (more: Partial<ButtonsContent> = {}): ButtonsContent => ({
  ...{ type: 'buttons', body: 'Yes or no?', buttons: [row('yes'), row('no')] },
  ...more,
});
const callToAction = (more: Partial<CallToActionContent> = {}): CallToActionContent => ({
  ...{ type: 'cta-url', body: 'See', label: 'See dates', url: 'https://example.com' },
  ...more,
});
const flow = (more: Partial<FlowContent> = {}): FlowContent => ({
  ...{ type: 'flow', body: 'Book', label: 'Book', flow: { id: '12' } },
  ...more,
});

const faults = (content: InteractiveContent): readonly (readonly [string, string])[] =>
  interactiveFaults(content).map(({ place, limit }) => [place, limit] as const);
const chars = (count: number): string => 'é'.repeat(count);

describe(interactiveFaults.name, () => {
  it.each<InteractiveContent>([list(), buttons(), callToAction(), flow()])('finds nothing at $type', (content) => {
    expect(faults(content)).toEqual([]);
  });

  it.each<[string, (count: number) => InteractiveContent, number]>([
    ['/body', (count) => list({ body: chars(count) }), 4_096],
    ['/body', (count) => buttons({ body: chars(count) }), 1_024],
    ['/body', (count) => callToAction({ body: chars(count) }), 1_024],
    ['/body', (count) => flow({ body: chars(count) }), 1_024],
    ['/footer', (count) => list({ footer: chars(count) }), 60],
    ['/header', (count) => list({ header: chars(count) }), 60],
    ['/header/text', (count) => buttons({ header: { kind: 'text', text: chars(count) } }), 60],
    ['/button', (count) => list({ button: chars(count) }), 20],
    ['/sections/0/title', (count) => list({ sections: [{ title: chars(count), rows: rows(1) }] }), 24],
    ['/sections/0/rows/0/id', (count) => list({ sections: [{ rows: [{ id: chars(count), title: 'a' }] }] }), 200],
    ['/sections/0/rows/0/title', (count) => list({ sections: [{ rows: [{ id: 'a', title: chars(count) }] }] }), 24],
    [
      '/sections/0/rows/0/description',
      (count) => list({ sections: [{ rows: [{ ...row('a'), description: chars(count) }] }] }),
      72,
    ],
    ['/buttons/0/id', (count) => buttons({ buttons: [{ id: chars(count), title: 'a' }] }), 256],
    ['/buttons/0/title', (count) => buttons({ buttons: [{ id: 'a', title: chars(count) }] }), 20],
    ['/label', (count) => callToAction({ label: chars(count) }), 20],
  ])('bounds %s', (place, content, max) => {
    expect(faults(content(max))).toEqual([]);
    expect(faults(content(max + 1))).toEqual([[place, 'length']]);
    expect(faults(content(0))).toEqual([[place, 'empty']]);
  });

  it('takes at most ten rows in all sections together, and ten sections', () => {
    const sections = (...counts: number[]): ListContent => {
      const all = rows(counts.reduce((sum, count) => sum + count, 0));
      return list({
        sections: counts.map((count, index) => ({ title: `S${String(index)}`, rows: all.splice(0, count) })),
      });
    };
    expect(faults(sections(5, 5))).toEqual([]);
    expect(faults(sections(5, 6))).toEqual([['/sections', 'rows']]);
    expect(faults(sections(...Array.from({ length: 10 }, () => 1)))).toEqual([]);
    expect(faults(sections(...Array.from({ length: 11 }, () => 1)))).toEqual([
      ['/sections', 'count'],
      ['/sections', 'rows'],
    ]);
    expect(faults(list({ sections: [] }))).toEqual([['/sections', 'count']]);
    expect(faults(list({ sections: [{ rows: [] }] }))).toEqual([['/sections/0/rows', 'count']]);
  });

  it('needs titles when there is more than one section', () => {
    const sections = [{ rows: [row('a')] }, { title: 'B', rows: [row('b')] }];
    expect(faults(list({ sections }))).toEqual([['/sections/0/title', 'empty']]);
  });

  it('takes no two rows and no two buttons that cannot be told apart', () => {
    const sections = [{ rows: [row('a'), { id: 'a', title: 'Other' }] }];
    expect(faults(list({ sections }))).toEqual([['/sections/0/rows/1/id', 'unique']]);
    expect(interactiveFaults(list({ sections }))[0]?.detail).toBe('repeats /sections/0/rows/0/id.');
    const twins = [row('a'), { id: 'b', title: 'Title a' }];
    expect(faults(buttons({ buttons: twins }))).toEqual([['/buttons/1/title', 'unique']]);
    expect(faults(buttons({ buttons: [row('a'), { id: 'a', title: 'b' }] }))).toEqual([['/buttons/1/id', 'unique']]);
  });

  it('takes one to three buttons', () => {
    expect(faults(buttons({ buttons: rows(3) }))).toEqual([]);
    expect(faults(buttons({ buttons: rows(4) }))).toEqual([['/buttons', 'count']]);
    expect(faults(buttons({ buttons: [] }))).toEqual([['/buttons', 'count']]);
  });

  it.each(['ftp://example.com', 'example.com', 'javascript:alert(1)', '', 'https://'])('opens no %j', (url) => {
    expect(faults(callToAction({ url }))).toEqual([['/url', 'not-an-address']]);
    const header = { kind: 'image', file: { link: url } } as const;
    expect(faults(buttons({ header }))).toEqual([['/header/file/link', 'not-an-address']]);
  });

  it('needs to know which flow', () => {
    expect(faults(flow({ flow: { id: '' } }))).toEqual([['/flow/id', 'empty']]);
    expect(faults(flow({ flow: { name: ' ' } }))).toEqual([['/flow/name', 'empty']]);
    expect(faults(flow({ start: { screen: '' } }))).toEqual([['/start/screen', 'empty']]);
  });

  it('finds every fault at once', () => {
    const content = list({ body: '', button: chars(21), sections: [{ rows: [{ id: '', title: chars(25) }] }] });
    expect(faults(content)).toEqual([
      ['/body', 'empty'],
      ['/button', 'length'],
      ['/sections/0/rows/0/id', 'empty'],
      ['/sections/0/rows/0/title', 'length'],
    ]);
  });

  it('counts what people see as characters, never fewer', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), (label) => {
        const isTooLong = Array.from(label).length > 20;
        const expected = label.trim() === '' ? [['/label', 'empty']] : isTooLong ? [['/label', 'length']] : [];
        expect(faults(callToAction({ label }))).toEqual(expected);
      }),
    );
  });
});

describe(interactiveBody.name, () => {
  it('writes a list', () => {
    const sections = [{ title: 'Fast', rows: [{ id: 'a', title: 'A', description: 'first' }] }];
    expect(interactiveBody(list({ header: 'H', footer: 'F', sections }))).toEqual({
      type: 'list',
      header: { type: 'text', text: 'H' },
      body: { text: 'Choose' },
      footer: { text: 'F' },
      action: { button: 'Options', sections },
    });
  });

  it('writes buttons below a file', () => {
    const header = { kind: 'document', file: { mediaId: '7', fileName: 'a.pdf' } } as const;
    expect(interactiveBody(buttons({ header, buttons: [{ id: 'a', title: 'A' }] }))).toEqual({
      type: 'button',
      header: { type: 'document', document: { id: '7', filename: 'a.pdf' } },
      body: { text: 'Yes or no?' },
      action: { buttons: [{ type: 'reply', reply: { id: 'a', title: 'A' } }] },
    });
  });

  it('writes a button that opens a page', () => {
    expect(interactiveBody(callToAction({ header: { kind: 'image', file: { link: 'https://x/y.png' } } }))).toEqual({
      type: 'cta_url',
      header: { type: 'image', image: { link: 'https://x/y.png' } },
      body: { text: 'See' },
      action: { name: 'cta_url', parameters: { display_text: 'See dates', url: 'https://example.com' } },
    });
  });

  it.each([
    [
      { flow: { name: 'booking' }, isDraft: true, token: 't' },
      { flow_name: 'booking', mode: 'draft', flow_token: 't', flow_action: 'data_exchange' },
    ],
    [
      { start: { screen: 'FIRST', data: { k: 'v' } } },
      { flow_id: '12', flow_action: 'navigate', flow_action_payload: { screen: 'FIRST', data: { k: 'v' } } },
    ],
  ])('writes a flow: %j', (more, parameters) => {
    expect(interactiveBody(flow(more))).toEqual({
      type: 'flow',
      body: { text: 'Book' },
      action: { name: 'flow', parameters: { flow_message_version: '3', flow_cta: 'Book', ...parameters } },
    });
  });
});

describeWithPayloads('interactive messages as Meta documents them', () => {
  interface Request {
    readonly interactive: {
      readonly header?: { readonly type: string; readonly text?: string };
      readonly body: { readonly text: string };
      readonly footer?: { readonly text: string };
      readonly action: {
        readonly button: string;
        readonly sections: ListContent['sections'];
        readonly buttons: readonly { readonly reply: { readonly id: string; readonly title: string } }[];
        readonly parameters: { readonly display_text: string; readonly url: string };
      };
    };
  }
  const requests = (kind: string): readonly Request['interactive'][] =>
    samplesOf('outbound/requests')
      .filter(({ name }) => name.includes(`interactive-${kind}`))
      .map(({ json }) => (json as Request).interactive)
      .filter(({ header }) => header === undefined || header.type === 'text');
  const partsOf = ({ body, footer }: Request['interactive']): { body: string; footer?: string } => ({
    body: body.text,
    ...(footer !== undefined && { footer: footer.text }),
  });
  const isLowerCase = (content: object): boolean => !JSON.stringify(content).includes('"BUTTON"');

  it('are lists', () => {
    const found = requests('list');
    expect(found.length).toBeGreaterThan(1);
    for (const request of found) {
      const header = request.header?.text === undefined ? {} : { header: request.header.text };
      const { button, sections } = request.action;
      const content: ListContent = { type: 'list', ...partsOf(request), ...header, button, sections };
      expect(interactiveFaults(content)).toEqual([]);
      expect(interactiveBody(content)).toEqual(request);
    }
  });

  it('are buttons', () => {
    const found = requests('button').filter(isLowerCase);
    expect(found.length).toBeGreaterThan(1);
    for (const request of found) {
      const text = request.header?.text;
      const header = text === undefined ? {} : { header: { kind: 'text', text } as const };
      const replies = request.action.buttons.map(({ reply }) => reply);
      const content: ButtonsContent = { type: 'buttons', ...partsOf(request), ...header, buttons: replies };
      expect(interactiveFaults(content)).toEqual([]);
      expect(interactiveBody(content)).toEqual(request);
    }
  });

  it('are buttons that open a page', () => {
    const found = requests('cta-url').filter((request) => !JSON.stringify(request).includes('payment_link'));
    expect(found.length).toBeGreaterThan(1);
    for (const request of found) {
      const text = request.header?.text;
      const header = text === undefined ? {} : { header: { kind: 'text', text } as const };
      const { display_text: label, url } = request.action.parameters;
      const content: CallToActionContent = { type: 'cta-url', ...partsOf(request), ...header, label, url };
      expect(interactiveFaults(content)).toEqual([]);
      expect(interactiveBody(content)).toEqual(request);
    }
  });
});
