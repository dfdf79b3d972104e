import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventually } from '../support/eventually.js';
import { type Finished, runProgram } from '../support/program.js';
import { createTestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-postgres.js';

const GIVEN = 'Zm9yIHRlc3RzIG9ubHksIG5ldmVyIHVzZWQgZWxzZXdoZXJl';

describe('the command for secrets (e2e)', () => {
  let database: TestDatabase;
  let dataDir: string;

  beforeEach(async () => {
    database = await createTestDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'waypost-secrets-'));
  });
  afterEach(async () => {
    await database.drop();
    await rm(dataDir, { recursive: true });
  });

  const secrets = (args: readonly string[], env: Record<string, string> = {}): Promise<Finished> =>
    runProgram({
      script: 'dist/cli/secrets.js',
      args,
      env: {
        ...{ NODE_ENV: 'test', DATA_DIR: dataDir },
        ...{ DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl, ...env },
      },
    });

  it('Q6 replaces the key under a running server, tells who needs which key, and lets go of the old one last', async () => {
    const app = await createTestApp({ database, dataDir });
    try {
      const admin = await app.as('ADMIN');
      const user = { email: 'ann@example.org', name: 'Ann', role: 'VIEWER' };
      expect((await admin.post('/v1/users', user, { 'idempotency-key': 'the-key' })).status).toBe(201);
      const before = await secrets(['status']);
      const [, old = ''] = /^([0-9a-f]{8}) {2}seals/m.exec(before.stdout) ?? [];
      expect(before.stdout).toContain(`idempotency_key.body: 1 with ${old}`);

      const rotated = await secrets(['rotate']);
      expect(rotated).toMatchObject({ code: 0, stderr: '' });
      const [next = ''] = rotated.stdout.split(' ');
      expect(next).not.toBe(old);
      await eventually(async () => {
        const { stdout } = await secrets(['status']);
        return new RegExp(`^${old} +old +0 secrets`, 'm').test(stdout) && stdout.includes(`body: 1 with ${next}`);
      }, 30_000);
      expect((await secrets(['retire', next])).stderr).toContain('still sealed with');
      await eventually(async () => (await secrets(['retire', old])).code === 0, 30_000);
      expect((await secrets(['status'])).stdout).not.toContain(old);
      const again = await admin.post('/v1/users', user, { 'idempotency-key': 'the-key' });
      expect(again.headers.get('idempotency-replayed')).toBe('true');
    } finally {
      await app.close();
    }
  }, 180_000);

  it('Q6 says what to do where the key comes from the environment, and shows no key', async () => {
    const refused = await secrets(['rotate'], { ENCRYPTION_KEY: GIVEN });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('ENCRYPTION_KEYS_OLD');
    const { stdout, stderr } = await secrets(['status'], { ENCRYPTION_KEY: GIVEN });
    expect(stdout).toContain('from ENCRYPTION_KEY');
    expect(stdout + stderr + refused.stderr).not.toContain(GIVEN.slice(0, 12));
    expect((await secrets(['retire', 'nonsense'])).code).toBe(2);
    expect((await secrets([])).code).toBe(2);
  }, 60_000);
});
