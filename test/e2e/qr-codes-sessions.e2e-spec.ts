import { eventually } from '../support/eventually.js';
import type { Answer, HttpClient } from '../support/http-client.js';
import { findLeaks, plant, type Secret } from '../support/leak-probe.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]).toString('latin1');
const PAIRED = '+12025550188';
const WAY = '/v1/sessions/shop';

interface QrBody {
  readonly qr: string;
  readonly image: string;
  readonly generatedAt: string;
  readonly expiresAt: string;
  readonly expiryInSeconds: number;
}

interface PairingBody {
  readonly code: string;
  readonly expiresAt: string;
}

let app: TestApp;
let admin: HttpClient;

beforeEach(async () => {
  app = await createTestApp();
  admin = await app.as('ADMIN');
  await admin.post('/v1/sessions', { id: 'shop', name: 'Shop', engine: 'sandbox' });
});

afterEach(() => app.close());

const shown = (client = admin): Promise<Answer<QrBody>> => client.get<QrBody>(`${WAY}/qr`);

const show = async (): Promise<QrBody> => {
  await admin.post(`${WAY}/start`);
  await eventually(async () => (await shown()).status === 200);
  return (await shown()).body;
};

const until = async (status: string): Promise<void> => {
  await eventually(async () => (await admin.get<{ status: string }>(`${WAY}/status`)).body.status === status);
};

const later = async <T>(ms: number, work: () => Promise<T>): Promise<T> => {
  const now = Date.now.bind(Date);
  Date.now = (): number => now() + ms;
  try {
    return await work();
  } finally {
    Date.now = now;
  }
};

const reads = async (): Promise<number> => {
  const { body } = await admin.get<{ data: readonly object[] }>('/v1/audit?action=sessions.qr-read&limit=100');
  return body.data.length;
};

/** Everything that the application keeps but for the answers that it gave: tables, exports, metrics. */
const keptAnywhere = async (): Promise<string> => {
  const tables = await app.query<{ text: string }>(
    `SELECT query_to_xml('SELECT * FROM "' || table_name || '"', true, true, '')::text AS text
     FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const told = await Promise.all(
    [
      '/v1/audit/export',
      '/metrics',
      '/v1/audit?limit=100',
      '/v1/notifications',
      WAY,
      `${WAY}/status`,
      '/v1/sessions',
    ].map(async (path) => (await admin.get(path)).text),
  );
  return [...tables.map(({ text }) => text), ...told].join('\n');
};

const expectNowhere = async (secrets: readonly Secret[]): Promise<void> => {
  for (const { name, value } of secrets) plant(name, value);
  expect(findLeaks(await keptAnywhere(), secrets)).toEqual([]);
};

describe('the QR code of a session', () => {
  it('Q3 is 404 before there is one, and 410 when it was scanned', async () => {
    for (const path of ['qr', 'qr/image']) {
      expect(await admin.get(`${WAY}/${path}`)).toMatchObject({ status: 404, body: { code: 'qr-not-found' } });
    }
    await show();
    await admin.post('/v1/sandbox/shop/scan');
    await until('READY');
    for (const path of ['qr', 'qr/image']) {
      expect(await admin.get(`${WAY}/${path}`)).toMatchObject({ status: 410, body: { code: 'qr-gone' } });
    }
    expect(await reads()).toBeLessThan(10);
  });

  it('Q3 lives for 60 s at most, and is 410 afterwards', async () => {
    const code = await show();
    expect(Date.parse(code.expiresAt) - Date.parse(code.generatedAt)).toBeLessThanOrEqual(60_000);
    expect(code.expiryInSeconds).toBeGreaterThan(0);
    expect(code.expiryInSeconds).toBeLessThanOrEqual(60);
    const late = await later(60_001, () => shown());
    expect([404, 410]).toContain(late.status);
    expect(late.text).not.toContain(code.qr);
  });

  it('Q2 is JSON, PNG or SVG as it is asked for, and kept by nobody on the way', async () => {
    const code = await show();
    expect(code.qr).toMatch(/^2@/);
    expect(code.image).toMatch(/^data:image\/png;base64,iVBOR/);
    const image = (accept: string): Promise<Answer> => admin.get(`${WAY}/qr/image`, { accept });
    for (const accept of ['*/*', 'image/png', 'image/png, image/svg+xml', 'text/html']) {
      const png = await image(accept);
      expect(png.status).toBe(200);
      expect(png.headers.get('content-type')).toBe('image/png');
      expect(png.text.slice(1, 4)).toBe(PNG.slice(1, 4));
    }
    const svg = await image('image/svg+xml');
    expect(svg.headers.get('content-type')).toMatch(/^image\/svg\+xml/);
    expect(svg.text).toMatch(/^<svg /);
    expect(svg.text).not.toMatch(/<script|on\w+=/);
    const answers = [svg, await image('*/*'), await shown(), await shown(await app.as('VIEWER'))];
    expect(answers.map(({ headers }) => headers.get('cache-control'))).toEqual(Array(4).fill('no-store'));
  });

  it('Q1 is for those who may pair this session, each look is written down, and it stands nowhere else', async () => {
    const { qr } = await show();
    const before = await reads();
    const stranger = (await app.addPerson('OPERATOR', ['default'])).client;
    const operator = (await app.addPerson('OPERATOR', ['shop'])).client;
    const viewer = (await app.addPerson('VIEWER', ['shop'])).client;
    for (const path of ['qr', 'qr/image']) {
      const codes = [app.client, viewer, stranger, operator].map((client) => client.get(`${WAY}/${path}`));
      expect((await Promise.all(codes)).map(({ status }) => status)).toEqual([401, 403, 404, 200]);
    }
    expect(await reads()).toBe(before + 2);
    await expectNowhere([{ name: 'QR code', value: qr }]);
  });

  it('Q4 whoever was lowered while the code is shown, sees no other', async () => {
    await show();
    const person = await app.addPerson('OPERATOR', ['shop']);
    expect((await shown(person.client)).status).toBe(200);
    expect((await admin.patch(`/v1/users/${person.id}`, { role: 'VIEWER' })).status).toBe(200);
    expect((await shown(person.client)).status).toBe(401);
    const again = await app.signIn(person.email, person.password);
    expect((await shown(again.client)).status).toBe(403);
    // The same for a grant that is taken away.
    const other = await app.addPerson('OPERATOR', ['shop']);
    expect((await shown(other.client)).status).toBe(200);
    await admin.patch(`/v1/users/${other.id}`, { sessionIds: [] });
    expect((await shown(other.client)).status).toBeGreaterThan(400);
  });

  it('Q5 one of an opening that is over is never shown again', async () => {
    const seen = new Set<string>();
    for (let round = 0; round < 5; round += 1) {
      const { qr } = await show();
      expect(seen.has(qr)).toBe(false);
      seen.add(qr);
      const [closing, during] = await Promise.all([admin.post(`${WAY}/stop`), shown()]);
      expect(closing.status).toBe(202);
      if (during.status === 200) expect(during.body.qr).toBe(qr);
      expect((await shown()).status).toBe(404);
    }
    await show();
    await admin.post('/v1/sandbox/shop/scan');
    await until('READY');
    await admin.post(`${WAY}/logout`);
    await admin.post(`${WAY}/start`);
    await until('QR_READY');
    expect(seen.has((await shown()).body.qr)).toBe(false);
  });
});

describe('the pairing code of a session', () => {
  const ask = (client = admin, phone = PAIRED): Promise<Answer<PairingBody>> =>
    client.post<PairingBody>(`${WAY}/pairing-code`, { phone });

  it('links a number without a QR, once, and not one that is linked already', async () => {
    expect(await ask()).toMatchObject({ status: 503, body: { code: 'session-not-ready' } });
    await show();
    const { status, body } = await ask();
    expect(status).toBe(200);
    expect(Date.parse(body.expiresAt)).toBeGreaterThan(Date.now());
    expect((await admin.post('/v1/sandbox/shop/pair', { code: body.code })).status).toBe(204);
    await until('READY');
    expect((await admin.get(WAY)).body).toMatchObject({ phone: PAIRED });
    expect(await ask()).toMatchObject({ status: 409, body: { code: 'session-already-authenticated' } });
  });

  it('Q1 Q2 is for those who may pair, is written down without the code, and stands nowhere else', async () => {
    await show();
    const stranger = (await app.addPerson('OPERATOR', ['default'])).client;
    const viewer = (await app.addPerson('VIEWER', ['shop'])).client;
    expect([(await ask(app.client)).status, (await ask(viewer)).status, (await ask(stranger)).status]).toEqual([
      401, 403, 404,
    ]);
    const { body, headers } = await ask();
    expect(headers.get('cache-control')).toBe('no-store');
    const { body: trail } = await admin.get<{ data: readonly object[] }>('/v1/audit?action=sessions.pairing-code');
    expect(trail.data).toMatchObject([{ target: 'shop', outcome: 'success' }]);
    await expectNowhere([{ name: 'pairing code', value: body.code }]);
  });
});
