import { hash } from '@node-rs/argon2';

import { PasswordHasher } from './password-hasher.js';

const hasher = new PasswordHasher();
const PASSWORD = 'a plain long passphrase';

describe(PasswordHasher.name, () => {
  it('T11 hashes with argon2id, m=19456, t=2, p=1, with another salt each time', async () => {
    const [one, two] = await Promise.all([hasher.hash(PASSWORD), hasher.hash(PASSWORD)]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
    expect(await hasher.matches(one, PASSWORD)).toBe(true);
    expect(await hasher.matches(one, `${PASSWORD} `)).toBe(false);
    expect(hasher.isOutdated(one)).toBe(false);
  });

  it('T11 knows an older hash from one of today, in each of its parameters', async () => {
    expect(hasher.isOutdated(await hash(PASSWORD, { memoryCost: 4096, timeCost: 2, parallelism: 1 }))).toBe(true);
    expect(hasher.isOutdated(await hash(PASSWORD, { memoryCost: 19_456, timeCost: 1, parallelism: 1 }))).toBe(true);
    expect(hasher.isOutdated(await hash(PASSWORD, { memoryCost: 32_768, timeCost: 3, parallelism: 1 }))).toBe(false);
  });

  it.each(['m=4000000,t=2,p=1', 'm=19456,t=99,p=1', 'm=19456,t=2,p=9', 'm=99999999999,t=2,p=1', 'm=-1,t=2,p=1'])(
    'T11 does not execute a hash that asks for %s',
    async (parameters) => {
      const planted = (await hasher.hash(PASSWORD)).replace('m=19456,t=2,p=1', parameters);
      const start = performance.now();
      expect(await hasher.matches(planted, PASSWORD)).toBe(false);
      expect(performance.now() - start).toBeLessThan(2000);
    },
  );

  it('T12 takes as long where there is no account', async () => {
    const stored = await hasher.hash(PASSWORD);
    const timeOf = async (phc: string | null): Promise<number> => {
      const times: number[] = [];
      for (let i = 0; i < 15; i += 1) {
        const start = performance.now();
        expect(await hasher.matches(phc, 'a wrong passphrase')).toBe(false);
        times.push(performance.now() - start);
      }
      return times.sort((a, b) => a - b)[7] ?? 0;
    };
    const [known, unknown] = [await timeOf(stored), await timeOf(null)];
    expect(Math.max(known, unknown) / Math.min(known, unknown)).toBeLessThan(1.8);
  });
});
