import { AppError, type ErrorKind } from '../../kernel/errors/app-error.js';
import { STATUS_BY_KIND, toProblem } from './problem-details.filter.js';

class PlantedError extends AppError {
  readonly code = 'planted-error';
  readonly kind: ErrorKind = 'conflict';
}

describe(toProblem.name, () => {
  it('is a problem document with a stable code, and the id of the request', () => {
    const error = new PlantedError('Two of them.', { extensions: { which: 'both' }, cause: new Error('inside') });
    expect(toProblem(error, 'b7d7a0a1-0000-4000-8000-000000000001')).toEqual({
      type: '/errors#planted-error',
      title: 'planted error',
      status: 409,
      detail: 'Two of them.',
      instance: 'urn:uuid:b7d7a0a1-0000-4000-8000-000000000001',
      code: 'planted-error',
      which: 'both',
    });
  });

  it('cannot be dressed up as something else by its extensions', () => {
    const extensions = { status: 200, code: 'fine', type: 'https://evil.example', instance: 'x' };
    expect(toProblem(new PlantedError('No.', { extensions }), 'id')).toMatchObject({
      status: 409,
      code: 'planted-error',
      type: '/errors#planted-error',
      instance: 'urn:uuid:id',
    });
  });

  it('has a status for each kind', () => {
    expect(Object.values(STATUS_BY_KIND).every((status) => status >= 400 && status < 600)).toBe(true);
    const forgotten = { 'invalid-input': 400 };
    // @ts-expect-error a kind without a status must not compile
    forgotten satisfies Record<ErrorKind, number>;
  });
});
