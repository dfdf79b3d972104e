import type { HttpClient } from '../support/http-client.js';
import { createLinkedApp } from '../support/linked-app.js';
import type { TestApp } from '../support/test-app.js';

interface Listed {
  readonly data: readonly { readonly id: string; readonly text: string; readonly createdAt: string }[];
  readonly nextCursor: string | null;
}

const OURS = '+12025550001';
const FORMER = '+12025550002';
const ADA = '+12025550111';
const BEN = '+12025550112';

let app: TestApp;
let admin: HttpClient;

/** Numbers of the messages, newest first. */
const listed = async (parameters: string, client = admin): Promise<readonly string[]> => {
  const { status, body } = await client.get<Listed>(`/v1/messages?${parameters}`);
  expect(status).toBe(200);
  return body.data.map(({ id }) => id.slice('msg_'.length));
};

/** The log is what is asked here: nobody has sent what is in it. */
const brokenOnPurpose = { faults: /msg_[1-6]\b/, because: 'the rows of the log are written by hand' };

beforeAll(async () => {
  ({ app, admin } = await createLinkedApp({ brokenOnPurpose }));
  await app.query(`INSERT INTO session (id, name, engine, phone) VALUES ('shop', 'Shop', 'sandbox', $1)`, [FORMER]);
  await app.query(`UPDATE session SET phone = $1 WHERE id = 'shop'`, [OURS]);
  const rows = [
    ['1', 'shop', 'OUTBOUND', 'text', 'READ', FORMER, ADA, null, '2026-03-01T10:00:00Z'],
    ['2', 'shop', 'INBOUND', 'image', 'RECEIVED', ADA, OURS, null, '2026-03-02T10:00:00Z'],
    ['3', 'shop', 'OUTBOUND', 'text', 'FAILED', OURS, BEN, 'bat_1', '2026-03-03T10:00:00Z'],
    ['4', 'shop', 'OUTBOUND', 'image', 'SENT', OURS, ADA, 'bat_1', '2026-03-03T10:00:00Z'],
    // It was missed while the session was away: stored after the others, and written before them.
    ['5', 'shop', 'INBOUND', 'text', 'RECEIVED', BEN, OURS, null, '2026-03-01T12:00:00Z'],
    ['6', 'other', 'OUTBOUND', 'text', 'READ', '+12025550009', ADA, null, '2026-03-04T10:00:00Z'],
  ];
  await app.query(`INSERT INTO session (id, name, engine) VALUES ('other', 'Other', 'sandbox')`);
  for (const row of rows) {
    await app.query(
      `INSERT INTO message (id, session_id, direction, type, status, sender, recipient, batch_id, created_at, text)
       VALUES ('msg_' || $1, $2, $3, $4, $5, $6, $7, $8, $9, 'hello')`,
      row,
    );
  }
});

afterAll(() => app.close());

describe('the filters of the message log', () => {
  it.each([
    ['sessionId=shop', '4 3 2 5 1'],
    ['sessionId=shop&direction=INBOUND', '2 5'],
    ['sessionId=shop&status=FAILED', '3'],
    ['sessionId=shop&status=RECEIVED&direction=OUTBOUND', ''],
    ['sessionId=shop&type=image', '4 2'],
    ['sessionId=shop&type=image&status=SENT', '4'],
    ['type=image&direction=INBOUND', '2'],
    [`to=%2B12025550111`, '6 4 1'],
    [`to=%2B12025550111&sessionId=shop&status=SENT`, '4'],
    [`to=%2B12025550111&direction=INBOUND`, ''],
    [`from=%2B12025550112`, '5'],
    [`from=%2B12025550111&type=text`, ''],
    [`to=%2B12025550001`, '2 5'],
    [`from=%2B12025550001`, '4 3'],
    [`from=%2B12025550002`, '1'],
    [`from=%2B12025550001&to=%2B12025550112`, '3'],
    ['batchId=bat_1', '4 3'],
    ['batchId=bat_1&status=FAILED', '3'],
    ['batchId=bat_2', ''],
    ['since=2026-03-02&until=2026-03-04', '4 3 2'],
    ['sessionId=shop&since=2026-03-01T12:00:00Z&until=2026-03-02T10:00:00Z', '5'],
    ['status=READ&until=2026-04-01', '6 1'],
    ['sessionId=none', ''],
  ])('?%s', async (parameters, expected) => {
    expect((await listed(parameters)).join(' ')).toBe(expected);
  });

  it('reaches every message once by its links, also those of one moment', async () => {
    const seen: string[] = [];
    for (let path: string | null = '/v1/messages?sessionId=shop&limit=1'; path !== null;) {
      const { body, headers }: { body: Listed; headers: Headers } = await admin.get<Listed>(path);
      seen.push(...body.data.map(({ id }) => id));
      path = /^<(.+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1] ?? null;
      expect(path === null).toBe(body.nextCursor === null);
    }
    expect(seen).toEqual(['msg_4', 'msg_3', 'msg_2', 'msg_5', 'msg_1']);
  });

  it('A3 shows nothing of a session that was not granted, whatever the filter', async () => {
    const { client } = await app.addPerson('VIEWER', ['other']);
    for (const parameters of [
      '',
      'to=%2B12025550111',
      'type=image',
      'batchId=bat_1',
      'sessionId=shop',
      'from=%2B12025550001',
    ]) {
      expect(await listed(parameters, client)).toEqual(parameters === '' || parameters.startsWith('to=') ? ['6'] : []);
    }
  });

  it.each(['batchId=1', 'batchId=bat_!', 'batchId=', 'batchId=bat_1&batchId=bat_2', 'batchId[]=bat_1'])(
    'I2 I4 refuses ?%s',
    async (parameters) => {
      expect((await admin.get(`/v1/messages?${parameters}`)).status).toBe(400);
    },
  );

  it('a cursor of these filters that was tampered with is refused', async () => {
    const { body } = await admin.get<Listed>('/v1/messages?sessionId=shop&limit=1');
    const text = Buffer.from(body.nextCursor ?? '', 'base64url').toString();
    for (const place of ['1', '1.', '.1', "1.1' OR 1=1", '1.1.1', '999999999999999.1', '1.9999999999999999999']) {
      const forged = Buffer.from(`${text.split('.')[0] ?? ''}.${place}`).toString('base64url');
      const answer = await admin.get(`/v1/messages?sessionId=shop&limit=1&cursor=${forged}`);
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-cursor' } });
    }
  });
});
