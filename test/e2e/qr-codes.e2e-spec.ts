import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { eventuallyPasses } from '../support/eventually.js';
import type { Answer, HttpClient } from '../support/http-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

interface Qr {
  readonly data: { readonly qr: string | null; readonly generatedAt: string; readonly expiresAt: string };
}

interface Paths {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly parameters?: readonly Named[] }>>>>;
}

interface Named {
  readonly name: string;
  readonly in: string;
}

const API = fileURLToPath(new URL('../../docs/openapi.json', import.meta.url));

const later = async <T>(ms: number, work: () => Promise<T>): Promise<T> => {
  const now = Date.now.bind(Date);
  Date.now = (): number => now() + ms;
  try {
    return await work();
  } finally {
    Date.now = now;
  }
};

describe('a QR code is a credential (e2e)', () => {
  let app: TestApp;
  let admin: HttpClient;

  const shown = (client = admin): Promise<Answer<Qr>> => client.get<Qr>('/whatsapp/qr');

  beforeAll(async () => {
    app = await createTestApp();
    admin = await app.as('ADMIN');
    expect((await admin.get('/whatsapp/admin/qr-code')).status).toBe(200);
  });

  afterAll(() => app.close());

  it('Q2 is kept by nobody on the way, whoever answers and whatever', async () => {
    const answers = [
      await shown(),
      await admin.get('/whatsapp/admin/qr-code'),
      await app.client.get('/whatsapp/qr'),
      await (await app.as('VIEWER')).get('/whatsapp/qr'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 401, 403]);
    expect(answers.map(({ headers }) => headers.get('cache-control'))).toEqual(Array(4).fill('no-store'));
  });

  it('Q2 L2 no address has a place for a code, a token or a password', () => {
    const { paths } = JSON.parse(readFileSync(API, 'utf8')) as Paths;
    const given = Object.values(paths).flatMap((methods) => Object.values(methods));
    const inAddress = given.flatMap(({ parameters = [] }) => parameters).filter((one) => one.in !== 'header');
    expect(inAddress.length).toBeGreaterThan(10);
    // Meta shows its verify token in the address, once, when the webhook is set up; addresses are not logged.
    const names = inAddress.map(({ name }) => name).filter((name) => name !== 'hub.verify_token');
    expect(names.filter((name) => /^(qr|code|pass|key)|token|secret|password/i.test(name))).toEqual([]);
  });

  it('L2 credentials in the query are refused, not taken', async () => {
    const { accessToken } = await app.person('ADMIN');
    for (const name of ['access_token', 'token', 'api_key']) {
      const answer = await app.client.get(`/v1/messages?${name}=${accessToken}`);
      expect(answer.status).toBe(401);
      expect(answer.text).not.toContain(accessToken);
    }
  });

  it('Q3 lives for 60 s at most', async () => {
    const { data } = (await shown()).body;
    expect(data.qr).toMatch(/^2@/);
    expect(Date.parse(data.expiresAt) - Date.parse(data.generatedAt)).toBeLessThanOrEqual(60_000);
    const late = await later(60_001, () => shown());
    expect(late.body.data).toMatchObject({ qr: null, expiresAt: null });
    // The code went with its time; the next ones look at a new one.
    expect((await admin.get('/whatsapp/admin/qr-code')).status).toBe(200);
  });

  it('Q3 who was shown one is written down', async () => {
    const reads = async (): Promise<number> => {
      const { body } = await admin.get<{ data: readonly object[] }>('/v1/audit?action=sessions.qr-read');
      return body.data.length;
    };
    const before = await reads();
    await shown();
    expect(await reads()).toBe(before + 1);
  });

  it('Q4 whoever was lowered while the code is shown, sees no other', async () => {
    const second = await app.addPerson('ADMIN');
    expect((await shown(second.client)).status).toBe(200);
    expect((await admin.patch(`/v1/users/${second.id}`, { role: 'OPERATOR' })).status).toBe(200);
    expect((await shown(second.client)).status).toBe(401);
    const again = await app.signIn(second.email, second.password);
    expect((await shown(again.client)).status).toBe(403);
  });

  it('Q3 is gone when a number has been linked', async () => {
    const { data } = (await shown()).body;
    await admin.post('/v1/sandbox/default/scan');
    await eventuallyPasses(async () => {
      expect((await admin.get('/whatsapp/status')).body).toMatchObject({ data: { ready: true, hasQRCode: false } });
    });
    expect((await shown()).body.data.qr).toBeNull();
    const { text } = await admin.get('/v1/audit/export');
    expect(text.includes('sessions.qr-read')).toBe(true);
    expect(text.includes(String(data.qr))).toBe(false);
  });

  it('L4 the export of the trail carries no credential of anybody', async () => {
    const person = await app.addPerson('OPERATOR');
    await admin.patch(`/v1/users/${person.id}`, { password: 'another plain long passphrase' });
    const { text } = await admin.get('/v1/audit/export');
    expect(text.includes(person.id)).toBe(true);
    const secrets = [person.password, person.accessToken, 'another plain long passphrase', '$argon2id$'];
    expect(secrets.map((secret) => text.includes(secret))).toEqual([false, false, false, false]);
  });
});
