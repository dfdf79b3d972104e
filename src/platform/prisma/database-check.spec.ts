import { findingOf } from './database-check.js';

const SAFE = { fsync: 'on', synchronous_commit: 'on', version: '18.4' };

describe(findingOf.name, () => {
  it.each(['on', 'local', 'remote_write', 'remote_apply'])('B4 takes synchronous_commit = %s for safe', (value) => {
    expect(findingOf({ ...SAFE, synchronous_commit: value })).toMatchObject({ isWell: true });
  });

  it.each([
    [{ fsync: 'off' }, 'fsync = off'],
    [{ synchronous_commit: 'off' }, 'synchronous_commit = off'],
  ])('B4 is not ready with %j, and says why', (settings, words) => {
    expect(findingOf({ ...SAFE, ...settings })).toMatchObject({
      isWell: false,
      sentence: expect.stringContaining(words),
    });
  });
});
