import fc from 'fast-check';

import {
  advance,
  MESSAGE_STATUSES,
  type MessageStatus,
  OUTCOME_UNKNOWN,
  type OutboundState,
  STATUS_RANK,
  type StatusChange,
} from './message-status.js';

const MAX_ATTEMPTS = 5;
const LEVELS = ['SENT', 'DELIVERED', 'READ', 'PLAYED'] as const;

const sending = (change: Partial<OutboundState> = {}): OutboundState => ({
  ...{ status: 'SENDING', attempts: 1, notStarted: 0, isTryOpen: true, onUncertain: 'hold', errorCode: null },
  ...change,
});
const reached = (level: (typeof LEVELS)[number]): StatusChange => ({ kind: 'reached', level });
const refused = (attempt = 1): StatusChange => ({ kind: 'refused', attempt, code: 'blocked', detail: 'no' });
const deferred = (attempt = 1): StatusChange => ({ kind: 'deferred', attempt, code: 'later', detail: 'not now' });
const uncertain = (attempt = 1): StatusChange => ({ kind: 'uncertain', attempt, reason: 'no answer' });
const failed = (attempt: number | null = 1): StatusChange => ({
  ...{ kind: 'failed', attempt, code: 'undeliverable', detail: 'no' },
});

/** The message after this change, as the writer keeps it. */
const after = (state: OutboundState, change: StatusChange): OutboundState => {
  const next = advance(state, change, MAX_ATTEMPTS);
  return next === null ? state : { ...state, status: next.status, errorCode: next.error?.code ?? null };
};

const statusAfter = (state: OutboundState, ...changes: readonly StatusChange[]): MessageStatus =>
  changes.reduce(after, state).status;

const permutations = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  items.length <= 1
    ? [items]
    : items.flatMap((item, index) =>
        permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
      );

const aState = fc.record({
  status: fc.constantFrom(...MESSAGE_STATUSES),
  attempts: fc.integer({ min: 0, max: MAX_ATTEMPTS + 1 }),
  notStarted: fc.integer({ min: 0, max: MAX_ATTEMPTS + 1 }),
  isTryOpen: fc.boolean(),
  onUncertain: fc.constantFrom('hold' as const, 'retry' as const, 'drop' as const),
  errorCode: fc.constantFrom(null, OUTCOME_UNKNOWN, 'blocked'),
});
const anAttempt = fc.integer({ min: 1, max: MAX_ATTEMPTS + 1 });
const aChange: fc.Arbitrary<StatusChange> = fc.oneof(
  fc.constantFrom(...LEVELS).map(reached),
  anAttempt.map(refused),
  anAttempt.map(deferred),
  anAttempt.map(uncertain),
  fc.option(anAttempt).map(failed),
  anAttempt.map((attempt): StatusChange => ({ kind: 'not-started', attempt })),
);

const mayLeaveTheEnd = ({ status, errorCode }: OutboundState, to: number | null): boolean => {
  const hasFailed = status === 'FAILED' && errorCode !== OUTCOME_UNKNOWN;
  return to !== null && to >= (hasFailed ? STATUS_RANK.DELIVERED : STATUS_RANK.SENT);
};

describe('the status of a message', () => {
  it('climbs, and leaves an end only for the truth about a message that was given up (property)', () => {
    fc.assert(
      fc.property(aState, aChange, (state, change) => {
        const next = advance(state, change, MAX_ATTEMPTS);
        if (next === null) return;
        const from = STATUS_RANK[state.status];
        const to = STATUS_RANK[next.status];
        const isEnd = ['FAILED', 'EXPIRED', 'CANCELLED'].includes(state.status);
        const isKnownNow = isEnd && mayLeaveTheEnd(state, to);
        const goesBackToTheQueue = state.status === 'SENDING' && next.status === 'QUEUED';
        if (from === null) expect(isKnownNow).toBe(true);
        else if (to !== null && !goesBackToTheQueue) expect(to).toBeGreaterThan(from);
      }),
      { numRuns: 3000 },
    );
  });

  it('is not changed by hearing the same thing twice (property)', () => {
    fc.assert(
      fc.property(aState, aChange, (state, change) => {
        const once = after(state, change);
        if (once.status !== 'QUEUED') expect(after(once, change)).toEqual(once);
      }),
      { numRuns: 3000 },
    );
  });

  it('never says that a message failed which the provider says has arrived (property)', () => {
    fc.assert(
      fc.property(fc.array(aChange, { maxLength: 12 }), (changes) => {
        const end = changes.reduce(after, sending());
        const best = Math.max(0, ...changes.map((c) => (c.kind === 'reached' ? STATUS_RANK[c.level] : 0)));
        if (best >= STATUS_RANK.DELIVERED) expect(end.status).not.toBe('FAILED');
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['EXPIRED', 'CANCELLED'] as const)('leaves %s when an earlier try turns out to have arrived', (status) => {
    for (const level of LEVELS) expect(after({ ...sending(), status }, reached(level)).status).toBe(level);
  });

  describe('F20: acknowledgements late, twice and in any order', () => {
    it.each(permutations(LEVELS).map((order) => [order.join(' '), order] as const))(
      'ends at PLAYED: %s',
      (_name, order) => {
        expect(statusAfter(sending(), ...order.map(reached))).toBe('PLAYED');
        expect(statusAfter(sending(), ...order.flatMap((level) => [reached(level), reached(level)]))).toBe('PLAYED');
      },
    );

    it('comes to the same end whatever the order, also with the answer to the send among them', () => {
      const ends = permutations([reached('SENT'), reached('DELIVERED'), reached('READ'), uncertain(), deferred()]).map(
        (order) => statusAfter(sending({ status: 'SENDING' }), ...order),
      );
      expect(new Set(ends)).toEqual(new Set(['READ']));
    });

    it('records a failure after DELIVERED and does not apply it', () => {
      expect(advance(sending({ status: 'DELIVERED' }), failed(), MAX_ATTEMPTS)).toBeNull();
      expect(advance(sending({ status: 'READ' }), failed(null), MAX_ATTEMPTS)).toBeNull();
    });

    it('applies a failure that the provider tells of a message that it had taken', () => {
      expect(advance(sending({ status: 'SENT' }), failed(), MAX_ATTEMPTS)).toMatchObject({
        ...{ status: 'FAILED', error: { code: 'undeliverable' } },
      });
      expect(statusAfter(sending({ status: 'UNCERTAIN' }), failed())).toBe('FAILED');
    });
  });

  describe('tries', () => {
    it.each([refused(1), deferred(1), uncertain(1), failed(1)])(
      'ignores what is told late of an older one: %j',
      (change) => {
        expect(advance(sending({ attempts: 2 }), change, MAX_ATTEMPTS)).toBeNull();
      },
    );

    it.each([refused(), deferred(), uncertain(), { kind: 'not-started', attempt: 1 } as const])(
      'ignores what is told once more of a try whose outcome is known, when the next is about to begin: %j',
      (change) => {
        expect(advance(sending({ isTryOpen: false, onUncertain: 'retry' }), change, MAX_ATTEMPTS)).toBeNull();
      },
    );

    it('does not let an older try that failed hide that the newer one has been sent', () => {
      expect(statusAfter(sending({ attempts: 2 }), failed(1), reached('SENT'))).toBe('SENT');
    });

    it('believes the late answer of an older try that it was sent', () => {
      expect(statusAfter(sending({ attempts: 2 }), reached('SENT'))).toBe('SENT');
    });

    it('goes back to the queue after a passing failure, until the tries are used up', () => {
      expect(statusAfter(sending(), deferred())).toBe('QUEUED');
      expect(statusAfter(sending({ attempts: MAX_ATTEMPTS }), deferred(MAX_ATTEMPTS))).toBe('FAILED');
    });

    it('goes back to the queue however often a try was written down and never began', () => {
      const change: StatusChange = { kind: 'not-started', attempt: MAX_ATTEMPTS + 3 };
      expect(statusAfter(sending({ attempts: MAX_ATTEMPTS + 3 }), change)).toBe('QUEUED');
    });

    it('counts no try that never began when a later one fails', () => {
      const state = sending({ attempts: MAX_ATTEMPTS + 3, notStarted: MAX_ATTEMPTS });
      expect(statusAfter(state, deferred(MAX_ATTEMPTS + 3))).toBe('QUEUED');
      expect(statusAfter({ ...state, onUncertain: 'retry' }, uncertain(MAX_ATTEMPTS + 3))).toBe('QUEUED');
    });

    it('ends when the provider will not take it', () => {
      expect(statusAfter(sending(), refused())).toBe('FAILED');
      expect(statusAfter(sending(), refused(), reached('SENT'))).toBe('FAILED');
    });
  });

  describe('when nobody knows', () => {
    it.each([
      ['hold', 1, 'UNCERTAIN'],
      ['retry', 1, 'QUEUED'],
      ['retry', MAX_ATTEMPTS, 'UNCERTAIN'],
      ['drop', 1, 'FAILED'],
    ] as const)('%s after try %d becomes %s', (onUncertain, attempts, expected) => {
      expect(statusAfter(sending({ onUncertain, attempts }), uncertain(attempts))).toBe(expected);
    });

    it.each(LEVELS)('UNCERTAIN is left for %s, and so is what was dropped', (level) => {
      expect(statusAfter(sending({ status: 'UNCERTAIN' }), reached(level))).toBe(level);
      expect(statusAfter(sending({ status: 'FAILED', errorCode: OUTCOME_UNKNOWN }), reached(level))).toBe(level);
      const told = level === 'SENT' ? 'FAILED' : level;
      expect(statusAfter(sending({ status: 'FAILED', errorCode: 'blocked' }), reached(level))).toBe(told);
    });

    it('UNCONFIRMED is left for DELIVERED', () => {
      expect(statusAfter(sending({ status: 'UNCONFIRMED' }), reached('SENT'))).toBe('UNCONFIRMED');
      expect(statusAfter(sending({ status: 'UNCONFIRMED' }), reached('DELIVERED'))).toBe('DELIVERED');
    });
  });
});
