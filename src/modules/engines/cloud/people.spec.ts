import fc from 'fast-check';

import { describeWithPayloads, samplesOf } from '../../../../test/support/meta-payloads.js';
import { isSamePerson, numberOf, numbersOfPerson, personKey } from './people.js';

const digits = (length: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((list) => list.join(''));
const number = fc
  .tuple(fc.constantFrom('55', '52', '521', '54', '549', '1', '44', '972', '91'), fc.integer({ min: 6, max: 11 }))
  .chain(([country, length]) => digits(length).map((rest) => `+${country}${rest}`));

describe(personKey.name, () => {
  it.each([
    ['Brazil: with and without the ninth digit', '+5551980001234', '555180001234'],
    ['Brazil: of São Paulo', '+55 11 98765-4321', '551187654321'],
    ['Mexico: with and without the one', '5215550001234', '+525550001234'],
    ['Argentina: with and without the nine', '5491150001234', '+541150001234'],
  ])('is the same for both forms in %s', (_name, one, other) => {
    expect(isSamePerson(one, other)).toBe(true);
    expect(numbersOfPerson(one)).toEqual(numbersOfPerson(other));
    expect(numbersOfPerson(one)).toHaveLength(2);
  });

  it.each([
    ['a fixed line in Brazil, which has no ninth digit', '551133334444', '5511933334444'],
    ['two numbers in Brazil', '555180001234', '555180001235'],
    ['two areas in Brazil', '555180001234', '555280001234'],
    ['a number of another country with a nine behind it', '4415550001234', '44915550001234'],
    ['a number of the United States that looks like the Mexican end', '15550001234', '525550001234'],
  ])('differs for %s', (_name, one, other) => {
    expect(isSamePerson(one, other)).toBe(false);
  });

  it.each([
    ['555180001234', '+5551980001234'],
    ['5215550001234', '+525550001234'],
    ['541150001234', '+5491150001234'],
  ])('of %s is the number as it is dialled today: %s', (written, key) => {
    expect(personKey(written)).toBe(key);
  });

  it('leaves a fixed line of Brazil as it is', () => {
    expect(numbersOfPerson('551133334444')).toEqual(['+551133334444']);
  });

  it.each(['', 'US.13491208655302741918', '+', '12345', '0123456789', '1234567890123456', 'a5551980001234'])(
    'is none for %j',
    (written) => {
      expect(personKey(written)).toBeNull();
      expect(isSamePerson(written, written)).toBe(false);
    },
  );

  it('is the key of every number that it stands for, and one of them', () => {
    fc.assert(
      fc.property(number, (written) => {
        const forms = numbersOfPerson(written);
        const key = personKey(written);
        expect(forms).toContain(written);
        expect(forms).toContain(key);
        for (const form of forms) expect(numbersOfPerson(form)).toEqual(forms);
      }),
    );
  });

  it('joins at most two numbers, of the same end', () => {
    fc.assert(
      fc.property(number, (written) => {
        const forms = numbersOfPerson(written);
        expect(forms.length).toBeLessThanOrEqual(2);
        expect(new Set(forms.map((form) => form.slice(-8))).size).toBe(1);
      }),
    );
  });
});

describe(numberOf.name, () => {
  it.each([
    ['555180001234', '+555180001234'],
    ['+5551980001234', '+5551980001234'],
    [' +1 (555) 078-3881 ', '+15550783881'],
    ['US.1', null],
    ['1', null],
  ])('writes %j as %j, in the form in which it came', (written, expected) => {
    expect(numberOf(written)).toBe(expected);
  });
});

describeWithPayloads('answers in which the id of a person is not the number dialled', () => {
  it('are of one person', () => {
    interface Answer {
      readonly contacts: readonly { readonly input: string; readonly wa_id: string }[];
    }
    const differing = samplesOf('outbound/responses')
      .filter(({ name }) => name.includes('wa-id-differs'))
      .flatMap(({ json }) => (json as Answer).contacts);
    expect(differing.length).toBeGreaterThan(1);
    for (const { input, wa_id } of differing) expect([input, isSamePerson(input, wa_id)]).toEqual([input, true]);
  });
});
