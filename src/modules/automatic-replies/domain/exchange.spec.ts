import fc from 'fast-check';

import { continueExchange, EXCHANGE, type Exchange } from './exchange.js';

const START = Date.UTC(2026, 0, 1);
const at = (ms: number): Date => new Date(START + ms);

describe(continueExchange.name, () => {
  it('answers a few times, and then not before the contact was quiet', () => {
    let known: Exchange | null = null;
    const answered: boolean[] = [];
    for (let i = 0; i < 20; i += 1) {
      const next = continueExchange(known, { text: `question ${String(i)}`, reply: 'answer', at: at(i * 60_000) });
      answered.push(next.isAnswered);
      known = next.exchange;
    }
    expect(answered.filter(Boolean)).toHaveLength(EXCHANGE.maxReplies);
    expect(answered.slice(0, EXCHANGE.maxReplies)).not.toContain(false);
    const soon = at(19 * 60_000 + EXCHANGE.quietMs);
    expect(continueExchange(known, { text: 'again', reply: 'answer', at: soon }).isAnswered).toBe(false);
    const later = at(19 * 60_000 + EXCHANGE.quietMs + 1);
    expect(continueExchange(known, { text: 'again', reply: 'answer', at: later })).toMatchObject({
      ...{ isAnswered: true, exchange: { since: later, replies: 1 } },
    });
  });

  it('does not answer what it has just said, however it is written', () => {
    const { exchange } = continueExchange(null, { text: 'hi', reply: 'Olá, Ana!', at: at(0) });
    expect(continueExchange(exchange, { text: ' ola,  ana! ', reply: 'x', at: at(1) }).isAnswered).toBe(false);
    expect(continueExchange(exchange, { text: 'ola', reply: 'x', at: at(1) }).isAnswered).toBe(true);
  });

  it('comes to an end with every machine that answers each answer within the time that counts as quiet', () => {
    const turn = fc.record({ pauseMs: fc.integer({ min: 0, max: EXCHANGE.quietMs }), text: fc.string() });
    const count = EXCHANGE.maxReplies + 1;
    fc.assert(
      fc.property(fc.array(turn, { minLength: count, maxLength: count }), (turns) => {
        let known: Exchange | null = null;
        let now = 0;
        for (const { pauseMs, text } of turns) {
          now += pauseMs;
          const next = continueExchange(known, { text, reply: 'r', at: at(now) });
          // It has got no answer, and so has nothing to answer.
          if (!next.isAnswered) return true;
          known = next.exchange;
        }
        return false;
      }),
    );
  });
});
