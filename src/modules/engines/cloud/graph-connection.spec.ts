import { failedCallOf } from './graph-connection.js';

const coded = (code: string, more: object = {}): Error => Object.assign(new Error(code), { code, ...more });
const fetchFailed = (cause: unknown): Error => new TypeError('fetch failed', { cause });

describe(failedCallOf.name, () => {
  it.each([
    ['a name that is not found', coded('ENOTFOUND')],
    ['a refused connection', fetchFailed(coded('ECONNREFUSED', { syscall: 'connect' }))],
    ['a connection that takes too long', fetchFailed(coded('UND_ERR_CONNECT_TIMEOUT'))],
    ['a time-out of connecting', coded('ETIMEDOUT', { syscall: 'connect' })],
    ['a certificate that has expired', fetchFailed(coded('CERT_HAS_EXPIRED'))],
    [
      'several addresses of which none answers',
      fetchFailed(
        new AggregateError([coded('ECONNREFUSED'), coded('EHOSTUNREACH', { syscall: 'connect' })], 'all failed'),
      ),
    ],
  ])('knows that nothing has left after %s', (_name, thrown) => {
    expect(failedCallOf(thrown)).toEqual({ kind: 'not-connected' });
  });

  it.each([
    ['a reset while reading', coded('ECONNRESET', { syscall: 'read' })],
    ['a reset of which nothing more is known', fetchFailed(coded('ECONNRESET'))],
    ['a time-out while reading', coded('ETIMEDOUT', { syscall: 'read' })],
    ['headers that never come', fetchFailed(coded('UND_ERR_HEADERS_TIMEOUT'))],
    ['a closed socket', fetchFailed(coded('UND_ERR_SOCKET'))],
    ['an abort', new DOMException('aborted', 'AbortError')],
    [
      'several addresses of which one was reached',
      new AggregateError([coded('ECONNREFUSED'), coded('ECONNRESET', { syscall: 'read' })], 'all failed'),
    ],
    ['no error at all', undefined],
    ['a text', 'ENOTFOUND'],
  ])('knows nothing after %s', (_name, thrown) => {
    expect(failedCallOf(thrown)).toEqual({ kind: 'no-answer' });
  });

  it('ends at a cause that is its own cause', () => {
    const thrown = new Error('round');
    thrown.cause = thrown;
    expect(failedCallOf(thrown)).toEqual({ kind: 'no-answer' });
  });
});
