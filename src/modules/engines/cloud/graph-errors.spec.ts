import fc from 'fast-check';

import { describeWithPayloads, samplesOf } from '../../../../test/support/meta-payloads.js';
import {
  type Decision,
  type DecisionContext,
  decideOnCall,
  decideOnStatus,
  type GraphError,
  readErrorAnswer,
  readErrors,
  readGraphError,
} from './graph-errors.js';

const error = (code: number, more: Partial<GraphError> = {}): GraphError => ({
  ...{ code, subcode: null, detail: 'why', isTransient: false, traceId: null },
  ...more,
});

const FIRST: DecisionContext = { attempt: 1, random: () => 0 };

const onAnswer = (given: GraphError | null, httpStatus = 400, context = FIRST): Decision =>
  decideOnCall({ kind: 'answered', httpStatus, error: given }, context);

describe('waiting', () => {
  const waitOf = (decision: Decision): number => ('waitMs' in decision ? decision.waitMs : Number.NaN);

  it('follows 4^x seconds after the pair limit, and never comes earlier', () => {
    const at = (attempt: number, random: number): number =>
      waitOf(onAnswer(error(131_056), 400, { attempt, random: () => random }));
    expect([1, 2, 3, 4].map((attempt) => at(attempt, 0))).toEqual([1_000, 4_000, 16_000, 64_000]);
    expect(at(3, 1)).toBe(20_000);
    expect([6, 30].map((attempt) => at(attempt, 0))).toEqual([1_024_000, 1_024_000]);
  });

  it.each([
    [131_057, 60_000],
    [133_015, 300_000],
    [134_101, 600_000],
    [132_069, 3_600_000],
  ])('waits after %i at least %i ms', (code, floorMs) => {
    expect(waitOf(onAnswer(error(code)))).toBe(floorMs);
    expect(waitOf(onAnswer(error(code), 400, { attempt: 1, random: () => 1 }))).toBe(floorMs * 1.25);
  });

  it('grows with the tries and is bounded', () => {
    const waits = [1, 2, 3, 30].map((attempt) => waitOf(onAnswer(error(131_016), 500, { attempt, random: () => 1 })));
    expect(waits).toEqual([2_000, 4_000, 8_000, 300_000]);
  });

  it('is never shorter than what the headers said', () => {
    const delays = fc.record({
      code: fc.constantFrom(4, 80_007, 130_429, 131_056, 131_016, 132_069),
      attempt: fc.integer({ min: 1, max: 40 }),
      regainInMs: fc.integer({ min: 0, max: 7_200_000 }),
      random: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(delays, ({ code, attempt, regainInMs, random }) => {
        const context = { attempt, regainInMs, random: () => random };
        expect(waitOf(onAnswer(error(code), 400, context))).toBeGreaterThanOrEqual(regainInMs);
      }),
    );
  });

  it('ends after three tries where the fault may be the message’s own', () => {
    expect(onAnswer(error(1), 500, { attempt: 2 }).action).toBe('retry');
    expect(onAnswer(error(1), 500, { attempt: 3 })).toEqual({ action: 'give-up', reasonCode: 'meta-failed' });
    expect(onAnswer(error(131_016), 500, { attempt: 50 }).action).toBe('retry');
  });
});

describe('what no table lists', () => {
  it.each([
    [500, 'retry'],
    [503, 'retry'],
    [400, 'give-up'],
    [404, 'give-up'],
    [401, 'park-session'],
    [429, 'slow-down'],
  ])('goes by the status of an answer with an unlisted code: %i → %s', (status, action) => {
    expect(onAnswer(error(424_242), status).action).toBe(action);
  });

  it('believes Meta that a fault is transient', () => {
    expect(onAnswer(error(424_242, { isTransient: true })).action).toBe('retry');
    expect(decideOnStatus(error(424_242, { isTransient: true }), FIRST).action).toBe('retry');
    expect(decideOnStatus(error(424_242), FIRST)).toEqual({ action: 'give-up', reasonCode: 'meta-rejected' });
  });

  it('tries an unlisted fault of Meta three times', () => {
    expect(onAnswer(error(424_242), 500, { attempt: 3 }).action).toBe('give-up');
  });

  it.each([200, 500, 502, 504])('knows nothing after %i without an error', (status) => {
    expect(onAnswer(null, status)).toEqual({ action: 'unknown-outcome', reasonCode: 'answer-not-readable' });
  });

  it.each([
    [503, 'retry'],
    [408, 'retry'],
    [429, 'slow-down'],
    [401, 'park-session'],
    [300, 'give-up'],
    [400, 'give-up'],
    [413, 'give-up'],
    [499, 'give-up'],
  ])('knows that nothing was sent after %i without an error: %s', (status, action) => {
    expect(onAnswer(null, status).action).toBe(action);
  });

  it('tells a request that never left from one that nobody has answered', () => {
    expect(decideOnCall({ kind: 'not-connected' }, FIRST)).toMatchObject({ action: 'retry' });
    expect(decideOnCall({ kind: 'no-answer' }, FIRST)).toEqual({ action: 'unknown-outcome', reasonCode: 'no-answer' });
  });
});

describe(readGraphError.name, () => {
  const answer = {
    error: {
      ...{ message: '(#130429) Rate limit hit', type: 'OAuthException', code: 130_429, error_subcode: 2_494_055 },
      ...{ error_data: { messaging_product: 'whatsapp', details: 'Throughput reached.' }, fbtrace_id: 'trace' },
    },
  };

  it('reads an answer, parsed or not', () => {
    const read = {
      ...{ code: 130_429, subcode: 2_494_055, detail: 'Throughput reached.', isTransient: false, traceId: 'trace' },
    };
    expect(readErrorAnswer(answer)).toEqual(read);
    expect(readErrorAnswer(JSON.stringify(answer))).toEqual(read);
  });

  it.each(['', '<!DOCTYPE html><html></html>', '{"messages":[{"id":"wamid.', 'null', '[]', '{"error":"no"}'])(
    'finds no error in %j',
    (body) => {
      expect(readErrorAnswer(body)).toBeNull();
    },
  );

  it('takes the most telling text', () => {
    const details = { error_data: { details: 'a' }, details: 'b', error_user_msg: 'c', message: 'd', title: 'e' };
    const { error_data, ...older } = details;
    expect(readGraphError({ code: 1, ...details })?.detail).toBe(error_data.details);
    expect(readGraphError({ code: 1, ...older })?.detail).toBe('b');
    expect(readGraphError({ code: 1, error_user_msg: 'c', message: 'd', title: 'e' })?.detail).toBe('c');
    expect(readGraphError({ code: 1, message: 'd', title: 'e' })?.detail).toBe('d');
    expect(readGraphError({ code: 1, title: 'e' })?.detail).toBe('e');
    expect(readGraphError({ code: 7 })?.detail).toBe('Error 7 of Meta.');
  });

  it('never repeats a token', () => {
    const token = `EAA${'Zx9'.repeat(40)}`;
    expect(readGraphError({ code: 190, message: `Malformed access token ${token}` })?.detail).not.toContain('Zx9Zx9');
  });

  it('reads a code that came as text, and the errors of a status', () => {
    const errors = readErrors({ errors: [{ code: '131047', title: 'Re-engagement' }, 'no', { title: 'no code' }] });
    expect(errors).toEqual([error(131_047, { detail: 'Re-engagement' })]);
    expect(readErrors({ errors: 'none' })).toEqual([]);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        readErrors(raw);
        const read = readErrorAnswer(raw) ?? readGraphError(raw);
        if (read !== null) expect(onAnswer(read).reasonCode).not.toBe('');
      }),
    );
  });
});

describeWithPayloads('samples of errors', () => {
  it('reads every sample of an error by the code that its name begins with', () => {
    const samples = samplesOf('errors').filter(({ name }) => !/http-|with-usage/.test(name));
    expect(samples.length).toBeGreaterThan(60);
    for (const { name, json } of samples) {
      const code = /^errors\/(\d+)/.exec(name)?.[1];
      expect({ name, code: String(readErrorAnswer(json)?.code) }).toEqual({ name, code });
    }
  });

  it('decides on answers that are none', () => {
    const decided = samplesOf('errors')
      .filter(({ name }) => name.includes('http-'))
      .map(({ json }) => json as { status: number; body: string })
      .map(({ status, body }) => [status, onAnswer(readErrorAnswer(body), status).action]);
    expect(decided).toEqual([
      [200, 'unknown-outcome'],
      [502, 'unknown-outcome'],
      [503, 'retry'],
    ]);
  });
});
