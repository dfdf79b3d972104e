import { findReply, type ReplyRules } from './reply.js';

const RULES: ReplyRules = {
  mode: 'rules',
  rules: [
    { keywords: ['Horário', 'opening hours'], match: 'exact', reply: 'From 9 to 5.' },
    { keywords: ['preço', '价格', '👍'], match: 'contains', reply: 'It costs 5.' },
    { keywords: ['', '  ', '\u0301'], match: 'contains', reply: 'never' },
    { keywords: ['?'], match: 'exact', reply: 'Yes?' },
  ],
};

describe(findReply.name, () => {
  it.each([
    ['horario', 'From 9 to 5.'],
    [' HORÁRIO?! ', 'From 9 to 5.'],
    ['¿Opening   Hours?', 'From 9 to 5.'],
    ['the opening hours', null],
    ['Qual o PRECO?', 'It costs 5.'],
    ['价格多少', 'It costs 5.'],
    ['👍🏽', 'It costs 5.'],
    ['?', 'Yes?'],
    ['hello', null],
    ['', null],
    [' \n ', null],
  ])('answers %j with %j', (text, reply) => {
    expect(findReply(text, RULES)).toBe(reply);
  });

  it('lets the first rule win that fits', () => {
    const rule = { keywords: ['a'], match: 'contains' } as const;
    const rules = [
      { ...rule, reply: 'first' },
      { ...rule, reply: 'second' },
    ];
    expect(findReply('a', { mode: 'rules', rules })).toBe('first');
  });

  it('echoes what was written, and answers nothing when it is off', () => {
    expect(findReply('  Olá ', { mode: 'echo', rules: [] })).toBe('  Olá ');
    expect(findReply(' ', { mode: 'echo', rules: [] })).toBeNull();
    expect(findReply('Horário', { ...RULES, mode: 'off' })).toBeNull();
  });
});
