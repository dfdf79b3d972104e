import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { HttpClient } from '../support/http-client.js';
import { type Finished, runProgram } from '../support/program.js';
import { createTestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-postgres.js';

/** B1 asks for 5 s on a machine of its own; here others run beside it. */
const PATIENCE_MS = 20_000;
const strong = (): string => randomBytes(48).toString('base64url');

describe('what the process refuses to start with (e2e)', () => {
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'waypost-boot-'));
  });

  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  const production = (changes: Readonly<Record<string, string>>): Promise<Finished> =>
    runProgram({
      script: 'dist/main.js',
      env: {
        NODE_ENV: 'production',
        PORT: '0',
        DATA_DIR: dataDir,
        // Nobody listens there: what is refused is refused before anything is connected to.
        DATABASE_URL: 'postgresql://waypost:planted-database-password@127.0.0.1:1/none',
        JWT_SECRET: strong(),
        ENCRYPTION_KEY: strong(),
        ...changes,
      },
    });

  /** Names the variable, and none of these values. */
  const expectRefusal = ({ code, stdout, stderr, durationMs }: Finished, name: string, value: string): void => {
    expect(code).not.toBe(0);
    expect(durationMs).toBeLessThan(PATIENCE_MS);
    expect(stderr).toContain(`${name}:`);
    for (const secret of [value, 'planted-database-password'].filter(Boolean)) {
      expect(stdout + stderr).not.toContain(secret);
    }
  };

  it.each([
    ['B1', 'JWT_SECRET', ''],
    ['B1', 'ENCRYPTION_KEY', ''],
    ['B1', 'JWT_SECRET', 'THISISMYSECURETOKEN-THISISMYSECURETOKEN'],
    ['B1', 'JWT_SECRET', 'change-me-to-something-longer-than-32-bytes'],
    ['B1', 'ENCRYPTION_KEY', 'dev-admin-key-dev-admin-key-dev-admin-key'],
    ['B1', 'ADMIN_PASSWORD', 'short'],
    ['B3', 'JWT_SECRET', 'k7Qz1mXw9Lr4Tn8Vb2Yc6Pd0Gs5Hf3J'],
    ['B3', 'JWT_SECRET', 'a'.repeat(64)],
    ['B3', 'ENCRYPTION_KEY', 'ab'.repeat(32)],
    ['B5', 'BODY_LIMIT_BYTES', '10mbb'],
    ['B5', 'BODY_LIMIT_BYTES', '-1'],
    ['B5', 'BODY_LIMIT_BYTES', '1e400'],
  ])('%s refuses %s=%j and names the variable, not the value', async (_check, name, value) => {
    expectRefusal(await production({ [name]: value }), name, value);
  });

  it('B5 refuses a lease that is not longer than an attempt to send', async () => {
    const refused = await production({ SESSION_LEASE_MS: '20000', OUTBOX_ATTEMPT_TIMEOUT_MS: '20000' });
    expectRefusal(refused, 'SESSION_LEASE_MS', '');
  });

  it('says in one sentence that its port is taken, and what to do', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as AddressInfo;
    const { code, stderr } = await production({ PORT: String(port) });
    squatter.close();
    expect(code).toBe(1);
    expect(stderr).toBe(
      `Waypost cannot listen on 127.0.0.1:${String(port)}: another program listens there already. Stop it, or set PORT to another one.\n`,
    );
  });

  it('says in one sentence that its data directory cannot be made', async () => {
    const { code, stderr } = await production({ DATA_DIR: '/etc/passwd/data' });
    expect(code).toBe(1);
    expect(stderr).toBe('The data directory /etc/passwd/data cannot be made (ENOTDIR): set DATA_DIR to another one.\n');
  });

  it('B1 names all bad variables at once', async () => {
    const { stderr } = await production({ PORT: 'eighty', ENCRYPTION_KEY: 'short', LOG_LEVEL: 'loud' });
    for (const name of ['PORT', 'ENCRYPTION_KEY', 'LOG_LEVEL']) expect(stderr).toContain(`${name}:`);
  });
});

describe('the process on an empty database (e2e)', () => {
  let dataDir: string;
  let database: TestDatabase;

  const env = (): Readonly<Record<string, string>> => ({
    PORT: '0',
    DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    DATABASE_OWNER_URL: database.ownerUrl,
    WHATSAPP_DEFAULT_ENGINE: 'sandbox',
  });

  /** Starts the server, does the work while it runs, and stops it. */
  const whileRunning = async (more: Readonly<Record<string, string>>, work: () => Promise<void>): Promise<Finished> => {
    let working: Promise<void> | undefined;
    const finished = await runProgram({
      script: 'dist/main.js',
      env: { ...env(), ...more },
      onOutput: (text, stop) => {
        if (text.includes('one-time setup link is in')) working ??= work().finally(stop);
      },
    });
    await working;
    return finished;
  };

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'waypost-boot-'));
    database = await createTestDatabase();
  });

  afterEach(async () => {
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('B2 without a terminal the link is in a file of its owner, and never in the output', async () => {
    let link = '';
    const { code, stdout, stderr } = await whileRunning({}, async () => {
      const path = join(dataDir, 'setup-link');
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      link = (await readFile(path, 'utf8')).trim();
      const [url = '', token = ''] = link.split('/console/setup#token=');
      const client = new HttpClient(url);
      const answer = await client.post('/setup', {
        token,
        email: 'ada@example.org',
        password: 'a plain long passphrase',
      });
      expect(answer.status).toBe(201);
    });
    expect(code).toBe(0);
    expect(link).toMatch(/^http:\/\/localhost:\d+\/console\/setup#token=wps_/);
    expect(stdout + stderr).not.toContain(link.split('#')[1]);
  });

  it('B2 SETUP_LINK=log puts it into the log as well, for those who asked', async () => {
    let link = '';
    const { stdout } = await whileRunning({ SETUP_LINK: 'log' }, async () => {
      link = (await readFile(join(dataDir, 'setup-link'), 'utf8')).trim();
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
    expect(stdout).toContain(link);
  });

  it('the rescue makes an administrator and gives a new password, each written into the trail', async () => {
    const admin = (args: readonly string[], input = ''): Promise<Finished> =>
      runProgram({ script: 'dist/cli/admin.js', args, env: env(), input });

    const made = await admin(['create', 'Rescue@Example.org']);
    expect(made.code).toBe(0);
    const password = /^Password: (\S{20})$/m.exec(made.stdout)?.[1] ?? '';
    const again = await admin(['create', 'rescue@example.org']);
    expect(again).toMatchObject({ code: 1, stderr: 'Somebody has this address already.\n' });
    const reset = await admin(['reset-password', 'rescue@example.org'], 'a plain long passphrase\n');
    expect(reset).toMatchObject({ code: 0, stdout: 'rescue@example.org has a new password.\n' });
    expect((await admin(['reset-password', 'nobody@example.org'])).code).toBe(1);
    expect((await admin(['reset-password', 'rescue@example.org'], 'short\n')).code).toBe(1);
    expect((await admin(['remove', 'rescue@example.org'])).code).toBe(2);

    const app = await createTestApp({ database, dataDir, admin: false });
    try {
      const login = (value: string): Promise<number> =>
        app.client
          .post('/v1/auth/login', { email: 'rescue@example.org', password: value })
          .then(({ status }) => status);
      expect(await login(password)).toBe(401);
      expect(await login('a plain long passphrase')).toBe(200);
      const rows = await app.query<{ action: string }>(
        "SELECT action FROM audit_entry WHERE actor_id = 'command-line'",
      );
      expect(rows.map(({ action }) => action)).toEqual(['users.create', 'users.update']);
    } finally {
      await app.close();
    }
  });
});
