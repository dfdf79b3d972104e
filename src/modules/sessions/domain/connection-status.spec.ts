import fc from 'fast-check';

import { canMove, CONNECTION_STATUSES, type ConnectionStatus } from './connection-status.js';

/**
 * Written by hand from the life of a session, and reviewed by itself: it is not made from the table under test. A row
 * is where the session is, a column where it would go.
 */
const REVIEWED = `
                 DISCONNECTED  CONNECTING  QR_READY  AUTHENTICATED  READY  AUTH_FAILURE
  DISCONNECTED   no            yes         no        no             no     no
  CONNECTING     yes           no          yes       yes            yes    yes
  QR_READY       yes           no          no        yes            no     yes
  AUTHENTICATED  yes           no          no        no             yes    yes
  READY          yes           no          no        no             no     yes
  AUTH_FAILURE   yes           yes         no        no             no     no
`;

const [header = [], ...rows] = REVIEWED.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));
const PAIRS = rows.flatMap(([from, ...answers]) =>
  answers.map((answer, column) => [from, header[column], answer === 'yes'] as const),
) as (readonly [ConnectionStatus, ConnectionStatus, boolean])[];

const status = fc.constantFrom(...CONNECTION_STATUSES);

/** Where a session gets to by these wishes: those that the table does not know change nothing. */
const walk = (wishes: readonly ConnectionStatus[]): readonly ConnectionStatus[] => {
  const path: ConnectionStatus[] = ['DISCONNECTED'];
  for (const wish of wishes) {
    const from = path.at(-1) ?? 'DISCONNECTED';
    if (canMove(from, wish)) path.push(wish);
  }
  return path;
};

describe('the connection status', () => {
  it('has the six names of the contract', () => {
    expect([...CONNECTION_STATUSES].sort()).toEqual(
      ['AUTHENTICATED', 'AUTH_FAILURE', 'CONNECTING', 'DISCONNECTED', 'QR_READY', 'READY'].sort(),
    );
  });

  it('is reviewed pair by pair', () => {
    expect(PAIRS).toHaveLength(36);
    expect(new Set(PAIRS.map(([from, to]) => `${from} ${to}`)).size).toBe(36);
  });

  it.each(PAIRS)('%s to %s: %s', (from, to, isAllowed) => {
    expect(canMove(from, to)).toBe(isAllowed);
  });

  it('never stays where it is', () => {
    for (const one of CONNECTION_STATUSES) expect(canMove(one, one)).toBe(false);
  });

  it('is READY only in an opening: after CONNECTING, with no end in between', () => {
    fc.assert(
      fc.property(fc.array(status, { maxLength: 60 }), (wishes) => {
        const path = walk(wishes);
        path.forEach((one, index) => {
          if (one !== 'READY') return;
          const opened = path.lastIndexOf('CONNECTING', index);
          expect(opened).toBeGreaterThanOrEqual(0);
          const between = path.slice(opened, index);
          expect(between).not.toContain('DISCONNECTED');
          expect(between).not.toContain('AUTH_FAILURE');
        });
      }),
      { numRuns: 500 },
    );
  });

  it('shows a code only before a number is linked', () => {
    fc.assert(
      fc.property(fc.array(status, { maxLength: 60 }), (wishes) => {
        const path = walk(wishes);
        path.forEach((one, index) => {
          if (one === 'QR_READY') expect(path[index - 1]).toBe('CONNECTING');
        });
      }),
      { numRuns: 500 },
    );
  });

  it('can be ended from everywhere, and be begun again from every end', () => {
    for (const one of CONNECTION_STATUSES) {
      if (one !== 'DISCONNECTED') expect(canMove(one, 'DISCONNECTED')).toBe(true);
    }
    for (const end of ['DISCONNECTED', 'AUTH_FAILURE'] as const) expect(canMove(end, 'CONNECTING')).toBe(true);
  });
});
