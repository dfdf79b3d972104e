import fc from 'fast-check';

import { fillPlaces, findPlaces, findVariableTroubles, isWellFormedBody } from './places.js';

describe('places of a template', () => {
  it('are names in double braces, each told once, in their order', () => {
    expect(findPlaces('Hi {{name}}, {{ order_1 }} of {{name}}')).toEqual(['name', 'order_1']);
  });

  it.each(['{{', '}}', '{{1st}}', '{{a.b}}', '{{#if a}}', '{{{{a}}}}', '{{ }}', '{{a b}}', '{{__proto__}}x{{'])(
    'refuses %j: it is no name',
    (body) => {
      expect(isWellFormedBody(body)).toBe(false);
    },
  );

  it('names what is missing and what is superfluous', () => {
    expect(findVariableTroubles('{{a}} {{b}}', { b: '1', c: '2' })).toEqual({ missing: ['a'], superfluous: ['c'] });
    expect(findVariableTroubles('{{a}}', { a: '' })).toBeNull();
    expect(findVariableTroubles('{{constructor}}', {})).toEqual({ missing: ['constructor'], superfluous: [] });
  });

  it('never reads what a variable brings as a place', () => {
    expect(fillPlaces('{{a}} {{b}}', { a: '{{b}}', b: '$& $1' })).toBe('{{b}} $& $1');
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => fillPlaces('<{{a}}|{{b}}>', { a, b }) === `<${a}|${b}>`));
  });
});
