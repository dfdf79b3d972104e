import { type Decision, decideOnCall, type FailedCall } from './graph-errors.js';

const sentenceOf = (failure: FailedCall): string => {
  if (failure.kind === 'not-connected') return 'Meta could not be reached.';
  if (failure.kind === 'no-answer') return 'Meta gave no answer.';
  const { error, httpStatus } = failure;
  if (error === null) return `Meta answered ${String(httpStatus)} without saying why.`;
  const trace = error.traceId === null ? '' : `, trace ${error.traceId}`;
  return `${error.detail} (Meta's error ${String(error.code)}${trace})`;
};

/** A call to the Graph API that did not succeed. Its message names neither the token nor what was sent. */
export class GraphCallError extends Error {
  constructor(
    readonly failure: FailedCall,
    readonly regainInMs: number | null,
    cause?: unknown,
  ) {
    super(sentenceOf(failure), { cause });
    this.name = GraphCallError.name;
  }

  /** Meta's, when it gave one. */
  get code(): number | null {
    return this.failure.kind === 'answered' ? (this.failure.error?.code ?? null) : null;
  }

  decide(attempt: number): Decision {
    return decideOnCall(this.failure, { attempt, regainInMs: this.regainInMs });
  }
}
