import fc from 'fast-check';

import { sortRecipients } from './recipients.js';

describe(sortRecipients.name, () => {
  it('I8 takes every way of writing a number for one recipient, and the first mention counts', () => {
    const { distinct, invalid, duplicates } = sortRecipients([
      { to: '+1 202-555-0110', variables: { name: 'first' } },
      { to: '0012025550110', variables: { name: 'second' } },
      { to: '12025550110' },
      { to: '+12025550111' },
      { to: '120363021234567890@g.us' },
      { to: '120363021234567890@g.us' },
    ]);
    expect(distinct).toEqual([
      { place: 1, written: '+1 202-555-0110', to: '+12025550110', variables: { name: 'first' } },
      { place: 4, written: '+12025550111', to: '+12025550111', variables: {} },
      { place: 5, written: '120363021234567890@g.us', to: '120363021234567890@g.us', variables: {} },
    ]);
    expect(invalid).toEqual([]);
    expect(duplicates.map(({ place }) => place)).toEqual([2, 3, 6]);
    expect(duplicates[0]).toMatchObject({
      code: 'duplicate-recipient',
      detail: 'It is the same as number 1 of the list.',
    });
  });

  it.each(['123', '＋１２０２５５５０１１０', 'status@broadcast', 'x@lid', '+0', '', '+12025550110\u0000'])(
    'I8 refuses %j by itself',
    (to) => {
      expect(sortRecipients([{ to }, { to: '+12025550110' }])).toMatchObject({
        distinct: [{ place: 2 }],
        invalid: [{ place: 1, recipient: to, code: 'invalid-phone-number' }],
      });
    },
  );

  it('puts each that was given in exactly one place', () => {
    const written = fc.oneof(fc.constantFrom('+12025550110', '12025550110', '+12025550111', 'no number'), fc.string());
    fc.assert(
      fc.property(fc.array(written), (list) => {
        const { distinct, invalid, duplicates } = sortRecipients(list.map((to) => ({ to })));
        const places = [...distinct, ...invalid, ...duplicates].map(({ place }) => place).sort((a, b) => a - b);
        expect(places).toEqual(list.map((_, index) => index + 1));
        expect(new Set(distinct.map(({ to }) => to)).size).toBe(distinct.length);
      }),
    );
  });
});
