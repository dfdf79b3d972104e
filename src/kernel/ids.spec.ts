import { setTimeout as sleep } from 'node:timers/promises';

import { newId } from './ids.js';

describe(newId.name, () => {
  it('says what it is of, and is 26 letters and digits that nobody mistakes', () => {
    expect(newId('msg')).toMatch(/^msg_[0-9a-hjkmnp-tv-z]{26}$/);
    expect(newId('evt')).toMatch(/^evt_/);
  });

  it('is never given twice', () => {
    const ids = new Set(Array.from({ length: 50_000 }, () => newId('msg')));
    expect(ids.size).toBe(50_000);
  });

  it('sorts by the time at which it was made', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 20; i += 1) {
      ids.push(newId('msg'));
      await sleep(2);
    }
    expect([...ids].sort()).toEqual(ids);
  });
});
