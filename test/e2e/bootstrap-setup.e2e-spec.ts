import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { SetupLink } from '../../src/modules/identity/index.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const BASE = 'https://waypost.example';
const EMAIL = 'First.Admin@Example.org';
const PASSWORD = 'correct horse battery';

const linkOf = (app: TestApp): Promise<string> => readFile(join(app.dataDir, 'setup-link'), 'utf8');
const tokenOf = async (app: TestApp): Promise<string> => (await linkOf(app)).trim().split('#token=')[1] ?? '';

describe('the first start (e2e)', () => {
  let app: TestApp;

  beforeEach(async () => {
    app = await createTestApp({ admin: false });
    await app.app.get(SetupLink).announce(BASE);
  });

  afterEach(() => app.close());

  it('B2 makes one administrator with the one-time link, and signs them in', async () => {
    const answer = await app.client.post<{ accessToken: string; user: { email: string; role: string } }>('/setup', {
      token: await tokenOf(app),
      email: EMAIL,
      password: PASSWORD,
    });
    expect(answer.status).toBe(201);
    expect(answer.body.user).toMatchObject({ email: 'first.admin@example.org', role: 'ADMIN' });
    const me = await app.client.withToken(answer.body.accessToken).get('/v1/auth/me');
    expect(me.status).toBe(200);
    expect((await stat(join(app.dataDir, 'secrets', 'jwt-secret'))).mode & 0o777).toBe(0o600);
  });
});
