import { describeWithPayloads, documentedErrors } from '../../../../test/support/meta-payloads.js';
import { GRAPH_ERROR_ROWS, type GraphErrorRule, ruleFor } from './graph-error-table.js';
import {
  type Decision,
  decideOnCall,
  decideOnStatus,
  type DecisionContext,
  type GraphError,
  reasonOf,
} from './graph-errors.js';

const error = (code: number, more: Partial<GraphError> = {}): GraphError => ({
  ...{ code, subcode: null, detail: 'why', isTransient: false, traceId: null },
  ...more,
});

const FIRST: DecisionContext = { attempt: 1, random: () => 0 };

const onAnswer = (given: GraphError | null, httpStatus = 400, context = FIRST): Decision =>
  decideOnCall({ kind: 'answered', httpStatus, error: given }, context);

/** What may follow for each class in which Meta's codes are sorted. */
const ACTIONS_BY_CLASS: Readonly<Record<string, readonly GraphErrorRule['action'][]>> = {
  transient: ['retry'],
  throttle: ['slow-down', 'retry'],
  token: ['park-session'],
  account: ['park-session', 'give-up'],
  template: ['give-up'],
  recipient: ['give-up'],
  window: ['give-up'],
  media: ['give-up'],
  request: ['give-up'],
  'request / inbound': ['give-up'],
  'request; 131208 throttle': ['give-up'],
  'inbound lost': ['give-up'],
  inbound: ['give-up'],
};

/** Throttles of what a person types: they are not repeated unless a person does so. */
const OF_A_PERSON = new Set(['133008', '133009', '133016', '136024']);

describe('the table of error codes', () => {
  it('names every code in one way only', () => {
    const singles = GRAPH_ERROR_ROWS.filter(({ from, to }) => from === to).map(({ from }) => from);
    expect(new Set(singles).size).toBe(singles.length);
    for (const { from, to } of GRAPH_ERROR_ROWS) expect(to).toBeGreaterThanOrEqual(from);
  });

  it('finds the rule of every row, with both ends of a range', () => {
    for (const { from, to, rule } of GRAPH_ERROR_ROWS) {
      if (from === 190) continue;
      // A single code goes before the range that it lies in.
      const own = GRAPH_ERROR_ROWS.find((row) => row.from === row.to && row.from === from) ?? { rule };
      expect(ruleFor(from, null)).toEqual(own.rule);
      expect(ruleFor(to, null)).not.toBeNull();
    }
  });

  it('has reasons in kebab-case', () => {
    for (const { rule } of GRAPH_ERROR_ROWS) expect(rule.reasonCode).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  it('knows nothing of a code that Meta does not list', () => {
    expect(ruleFor(999_999, null)).toBeNull();
    expect(ruleFor(131_200, null)).toBeNull();
    expect(ruleFor(131_216, null)).toBeNull();
  });

  it.each([
    [131_047, 'window-closed'],
    [131_026, 'recipient-not-reachable'],
    [131_050, 'recipient-opted-out'],
    [132_000, 'template-parameter-mismatch'],
    [132_001, 'template-not-found'],
    [131_053, 'media-refused'],
    [131_009, 'parameter-not-valid'],
  ])('gives up %i as %s', (code, reasonCode) => {
    expect(onAnswer(error(code))).toEqual({ action: 'give-up', reasonCode });
    expect(decideOnStatus(error(code), FIRST)).toEqual({ action: 'give-up', reasonCode });
    expect(reasonOf(error(code))).toBe(reasonCode);
  });

  it.each([
    [190, null, 'token-invalid'],
    [190, 463, 'token-expired'],
    [190, 460, 'token-revoked'],
    [190, 467, 'token-invalid'],
    [100, 33, 'number-not-accessible'],
    [10, null, 'permission-missing'],
    [250, null, 'permission-missing'],
    [131_031, null, 'account-locked'],
    [133_010, null, 'number-not-registered'],
    [368, null, 'account-blocked'],
  ])('parks the session at %i/%s as %s', (code, subcode, reasonCode) => {
    expect(onAnswer(error(code, { subcode }))).toEqual({ action: 'park-session', reasonCode });
  });

  it.each([
    [4, 'app'],
    [80_007, 'account'],
    [131_056, 'pair'],
    [130_429, 'throughput'],
  ])('slows down at %i for the %s', (code, limit) => {
    expect(onAnswer(error(code))).toMatchObject({ action: 'slow-down', limit });
  });

  it('parks at 3 though it comes as 500, and gives up 134102 likewise', () => {
    expect(onAnswer(error(3), 500).action).toBe('park-session');
    expect(onAnswer(error(134_102), 500).action).toBe('give-up');
  });

  it('treats 131208 as a limit inside the range of the group errors', () => {
    expect(onAnswer(error(131_207)).action).toBe('give-up');
    expect(onAnswer(error(131_208)).action).toBe('slow-down');
    expect(onAnswer(error(131_209)).action).toBe('give-up');
  });
});

describeWithPayloads('what Meta documents', () => {
  it('has a decision for every code, of the kind that its class allows', () => {
    const documented = documentedErrors();
    expect(documented.length).toBeGreaterThan(80);
    for (const { code, class: kind } of documented) {
      const [from = '', to = from] = code.split('-');
      const [first, last] = [from, to].map((end) => ruleFor(Number(end), null));
      const allowed = OF_A_PERSON.has(code) ? ['give-up'] : ACTIONS_BY_CLASS[kind];
      expect({ code, kind, allowed }).toMatchObject({ allowed: expect.arrayContaining([first?.action, last?.action]) });
    }
  });

  it('has no row that is not documented', () => {
    const documented = new Set(documentedErrors().map(({ code }) => code));
    const rows = GRAPH_ERROR_ROWS.map(({ from, to }) => (from === to ? String(from) : `${String(from)}-${String(to)}`));
    expect(rows.filter((row) => !documented.has(row))).toEqual(['131208']);
    // Listed twice: alone, and as the first of its range.
    expect([...documented].filter((code) => !rows.includes(code))).toEqual(['200']);
  });
});
