import { dayOf } from './day.js';

describe(dayOf.name, () => {
  it('begins and ends at midnight UTC', () => {
    const start = new Date('2026-03-01T00:00:00.000Z');
    expect(dayOf(start)).toEqual({ name: '2026-03-01', start, endsInMs: 86_400_000 });
    expect(dayOf(new Date('2026-03-01T23:59:59.999Z'))).toEqual({ name: '2026-03-01', start, endsInMs: 1 });
    expect(dayOf(new Date('2026-03-02T00:00:00.000Z')).name).toBe('2026-03-02');
  });
});
