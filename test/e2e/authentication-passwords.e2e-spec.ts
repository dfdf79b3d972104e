import { hash, parseOptions } from '@node-rs/argon2';

import type { Answer } from '../support/http-client.js';
import { createTestApp, type Person, type TestApp } from '../support/test-app.js';

const MANY = '1000000';

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

describe('passwords (e2e)', () => {
  let app: TestApp;

  const login = (email: unknown, password: unknown): Promise<Answer<{ code?: string }>> =>
    app.client.post('/v1/auth/login', { email, password });
  const storedHash = async ({ id }: Person): Promise<string> => {
    const [row] = await app.query<{ password_hash: string }>('SELECT password_hash FROM app_user WHERE id = $1', [id]);
    return row?.password_hash ?? '';
  };
  const plant = ({ id }: Person, phc: string): Promise<unknown> =>
    app.query('UPDATE app_user SET password_hash = $2 WHERE id = $1', [id, phc]);

  beforeAll(async () => {
    app = await createTestApp({ env: { LOGIN_ATTEMPTS_PER_ACCOUNT: MANY, LOGIN_ATTEMPTS_PER_NETWORK: MANY } });
  });

  afterAll(() => app.close());

  it('T11 stores argon2id with m=19456, t=2, p=1', async () => {
    const person = await app.addPerson('VIEWER');
    expect(await storedHash(person)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('T11 upgrades a hash with older parameters at the next login', async () => {
    const person = await app.addPerson('VIEWER');
    await plant(person, await hash(person.password, { memoryCost: 4096, timeCost: 1, parallelism: 1 }));
    expect((await login(person.email, 'something else')).status).toBe(401);
    expect(parseOptions(await storedHash(person)).memoryCost).toBe(4096);
    expect((await login(person.email, person.password)).status).toBe(200);
    expect(parseOptions(await storedHash(person))).toMatchObject({ memoryCost: 19_456, timeCost: 2, parallelism: 1 });
    expect((await login(person.email, person.password)).status).toBe(200);
  });

  it.each([
    ['m=4000000', (phc: string) => phc.replace('m=19456', 'm=4000000')],
    ['t=99', (phc: string) => phc.replace('t=2', 't=99')],
    ['argon2i', (phc: string) => phc.replace('argon2id', 'argon2i')],
    ['no hash at all', () => ''],
    ['a plain password', () => 'open sesame open'],
  ])('T11 refuses a planted %s without executing it', async (_name, change) => {
    const person = await app.addPerson('VIEWER');
    await plant(person, change(await storedHash(person)));
    const before = process.memoryUsage.rss();
    const start = performance.now();
    expect((await login(person.email, person.password)).status).toBe(401);
    expect((await login(person.email, 'open sesame open')).status).toBe(401);
    expect(performance.now() - start).toBeLessThan(2000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(500 * 1024 * 1024);
  });

  it('T12 answers the same, as fast, to an unknown user, a wrong password and a disabled account', async () => {
    const known = await app.addPerson('VIEWER');
    const disabled = await app.addPerson('VIEWER');
    await (await app.as('ADMIN')).patch(`/v1/users/${disabled.id}`, { disabled: true });
    const cases: Record<string, readonly [string, string]> = {
      unknown: ['nobody@example.org', 'a wrong passphrase'],
      wrong: [known.email, 'a wrong passphrase'],
      disabled: [disabled.email, disabled.password],
    };
    const times: Record<string, number[]> = { unknown: [], wrong: [], disabled: [] };
    const answers = new Set<string>();
    for (let round = 0; round < 60; round += 1) {
      for (const [name, [email, password]] of Object.entries(cases)) {
        const start = performance.now();
        const { status, body } = await login(email, password);
        times[name]?.push(performance.now() - start);
        answers.add(JSON.stringify({ status, ...body, instance: undefined }));
      }
    }
    expect(answers.size).toBe(1);
    expect([...answers][0]).toContain('"code":"invalid-credentials"');
    const medians = Object.values(times).map(median);
    // The aim is 5 %; without the hash of nobody an unknown user is answered in a tenth of the time.
    expect(Math.max(...medians) / Math.min(...medians)).toBeLessThan(1.6);
  });

  it('T14 200 parallel logins leave other routes usable', async () => {
    const person = await app.addPerson('VIEWER');
    const calm: number[] = [];
    const loaded: number[] = [];
    const measure = async (into: number[]): Promise<void> => {
      const start = performance.now();
      expect((await person.client.get('/v1/auth/me')).status).toBe(200);
      into.push(performance.now() - start);
    };
    for (let i = 0; i < 50; i += 1) await measure(calm);
    const crowd = { isDone: false };
    const logins = Promise.all(Array.from({ length: 200 }, () => login(person.email, person.password))).finally(() => {
      crowd.isDone = true;
    });
    while (!crowd.isDone) {
      await measure(loaded);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const statuses = new Set((await logins).map(({ status }) => status));
    expect([...statuses].every((status) => status === 200 || status === 503)).toBe(true);
    loaded.sort((a, b) => a - b);
    const p99 = loaded[Math.floor(loaded.length * 0.99)] ?? 0;
    expect(loaded.length).toBeGreaterThan(20);
    expect(p99).toBeLessThan(500 + median(calm));
  });

  describe('T15', () => {
    it('compares the whole password: 72 bytes in common are not enough', async () => {
      const prefix = 'p'.repeat(73);
      const { email } = await app.addPerson('VIEWER');
      const admin = await app.as('ADMIN');
      const users = await admin.get<{ data: { id: string; email: string }[] }>('/v1/users?limit=200');
      const id = users.body.data.find((user) => user.email === email)?.id ?? '';
      await admin.patch(`/v1/users/${id}`, { password: `${prefix}right` });
      expect((await login(email, `${prefix}wrong`)).status).toBe(401);
      expect((await login(email, prefix)).status).toBe(401);
      expect((await login(email, `${prefix}right`)).status).toBe(200);
    });

    it('refuses what is no password: 1 MB, 1,025 characters, U+0000, half a surrogate pair, other types', async () => {
      const { email } = await app.addPerson('VIEWER');
      expect([400, 413]).toContain((await login(email, 'x'.repeat(1024 * 1024))).status);
      for (const password of ['x'.repeat(1025), 'twelve chars\0', '', null, 12, true, {}, ['twelve chars']]) {
        expect((await login(email, password)).status).toBe(400);
      }
      for (const text of ['twelve chars\\u0000', 'twelve chars\\ud800', 'twelve chars\\udc00 \\ud83d']) {
        const rawBody = `{"email":"${email}","password":"${text}"}`;
        expect((await app.client.call('/v1/auth/login', { method: 'POST', rawBody })).status).toBe(400);
      }
    });

    it('takes 1,024 characters of any script, and both ways of writing one letter', async () => {
      const admin = await app.as('ADMIN');
      const password = `${'пароль🔑'.repeat(100)}e\u0301`;
      const person = await app.addPerson('VIEWER');
      expect((await admin.patch(`/v1/users/${person.id}`, { password })).status).toBe(200);
      expect((await login(person.email, password)).status).toBe(200);
      expect((await login(person.email, password.normalize('NFC'))).status).toBe(200);
      expect((await login(person.email, password.slice(0, -2))).status).toBe(401);
    });

    it('takes the address in any case', async () => {
      const person = await app.addPerson('VIEWER');
      expect((await login(person.email.toUpperCase(), person.password)).status).toBe(200);
    });
  });

  it('writes each login and each failure into the trail, and no password', async () => {
    const person = await app.addPerson('VIEWER');
    await login(person.email, 'a-wrong-canary-passphrase');
    await login('unknown@example.org', 'a-wrong-canary-passphrase');
    const rows = await app.query<{ action: string; target: string | null; detail: string }>(
      'SELECT action, target, detail FROM audit_entry ORDER BY seq DESC LIMIT 3',
    );
    expect(rows.map(({ action, target }) => [action, target])).toEqual([
      ['auth.login-failed', null],
      ['auth.login-failed', person.id],
      ['auth.login', person.id],
    ]);
    expect(JSON.stringify(rows)).not.toContain('canary');
  });
});
