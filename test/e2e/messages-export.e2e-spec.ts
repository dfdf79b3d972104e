import { request } from 'node:http';

import { unguardCell } from '../../src/platform/csv/safe-csv.js';
import { eventually } from '../support/eventually.js';
import type { HttpClient } from '../support/http-client.js';
import { createLinkedApp } from '../support/linked-app.js';
import type { TestApp } from '../support/test-app.js';

const TO = '+12025550110';
/** What a stranger may write who wants a spreadsheet to compute it. */
const TEXTS = [
  ...['=HYPERLINK("http://evil.example","x")', '+1+1', '-2+3', '@SUM(1)', "'=1", "'tis", '＝1', '－1', '\u200B=1'],
  ...['a "quoted" one', 'line\nbreak', 'a,b;c\td', '你好，世界 👩‍👩‍👧', '= 1', "=cmd|' /C calc'!A0"],
];

let app: TestApp;
let admin: HttpClient;

/** A reader of RFC 4180. */
const parse = (csv: string): readonly Readonly<Record<string, string>>[] => {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/guy)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end !== ',') rows.push([]);
  }
  const [header = [], ...rest] = rows.slice(0, -1);
  return rest.map((row) => Object.fromEntries(header.map((name, place) => [name, row[place] ?? ''])));
};

const exported = async (parameters = '', client = admin): Promise<readonly Readonly<Record<string, string>>[]> => {
  const { status, text } = await client.get(`/v1/messages/export.csv?${parameters}`);
  expect(status).toBe(200);
  return parse(text);
};

const entries = (): Promise<readonly { readonly actor_id: string; readonly detail: string }[]> =>
  app.query(`SELECT actor_id, detail FROM audit_entry WHERE action = 'messages.export' ORDER BY seq`);

const brokenOnPurpose = {
  faults: /msg_([lm][0-9]|brief|keeps)/,
  because: 'so many and so old messages are written by hand',
};

beforeAll(async () => {
  ({ app, admin } = await createLinkedApp({ brokenOnPurpose }));
});

afterAll(() => app.close());

describe('GET /v1/messages/export.csv', () => {
  it('I14 no cell is a formula, and an import gives the same texts and numbers', async () => {
    for (const text of TEXTS) {
      expect((await admin.post('/v1/messages', { to: TO, text })).status).toBe(202);
    }
    const rows = await exported('direction=OUTBOUND');
    const cells = rows.flatMap((row) => Object.values(row));
    expect(cells.filter((cell) => /^[\s\u200B]*[=+\-@＝＋－＠]|^[\t\r\n]/u.test(cell))).toEqual([]);
    expect(rows.map(({ text = '' }) => unguardCell(text))).toEqual([...TEXTS].reverse());
    expect(new Set(rows.map(({ to = '' }) => to))).toEqual(new Set([`'${TO}`]));
    expect(new Set(rows.map(({ to = '' }) => unguardCell(to)))).toEqual(new Set([TO]));
  });

  it('says what it is, and begins with the mark of UTF-8 only when that was asked for', async () => {
    const { headers } = await admin.get('/v1/messages/export.csv');
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toBe('attachment; filename="waypost-messages.csv"');
    const bytes = async (parameters: string): Promise<string> => {
      const { accessToken } = await app.person('ADMIN');
      const answer = await fetch(`${app.url}/v1/messages/export.csv${parameters}`, {
        headers: { authorization: `Bearer ${accessToken}` },
      });
      return Buffer.from(await answer.arrayBuffer())
        .subarray(0, 3)
        .toString('hex');
    };
    expect(await bytes('?bom=true')).toBe('efbbbf');
    expect(await bytes('')).toBe(Buffer.from('id,').toString('hex'));
  });

  it('writes who read so much, with the filters, and nothing of what people wrote', async () => {
    const before = (await entries()).length;
    await exported('direction=OUTBOUND&to=%2B12025550110&since=2026-01-01');
    const written = await entries();
    expect(written).toHaveLength(before + 1);
    expect(written.at(-1)?.actor_id).toBe((await app.person('ADMIN')).id);
    expect(JSON.parse(written.at(-1)?.detail ?? '')).toEqual({
      ...{ direction: 'OUTBOUND', since: '2026-01-01T00:00:00.000Z', alsoBy: ['to'] },
    });
  });

  it('A3 has no message of a session that was not granted', async () => {
    const { client } = await app.addPerson('VIEWER', ['other']);
    expect(await exported('', client)).toEqual([]);
    expect(await exported('sessionId=default', client)).toEqual([]);
  });

  it('has every message once, also when they are more than are read at once', async () => {
    await app.query(`INSERT INTO message (id, session_id, direction, type, status, recipient, text, created_at)
      SELECT 'msg_m' || n, 'default', 'OUTBOUND', 'text', 'CANCELLED', '+12025550199', 'm' || n, '2026-02-01T00:00:00Z'
      FROM generate_series(1, 1777) AS n`);
    const texts = (await exported('to=%2B12025550199')).map(({ text }) => text);
    expect(texts).toEqual(Array.from({ length: 1777 }, (_, n) => `m${String(1777 - n)}`));
  });

  it('keeps little in memory while nobody reads on, and ends when the reader goes', async () => {
    await app.query(`INSERT INTO message (id, session_id, direction, type, status, recipient, text, created_at)
      SELECT 'msg_l' || n, 'default', 'OUTBOUND', 'text', 'CANCELLED', '+12025550198', repeat('long ', 200), now()
      FROM generate_series(1, 40000) AS n`);
    const { accessToken } = await app.person('ADMIN');
    const before = process.memoryUsage().rss;
    const stalled = await Promise.all(
      Array.from(
        { length: 5 },
        () =>
          new Promise<ReturnType<typeof request>>((resolve, reject) => {
            const asked = request(`${app.url}/v1/messages/export.csv?to=%2B12025550198`, {
              headers: { authorization: `Bearer ${accessToken}` },
            });
            asked.on('response', (answer) => {
              answer.pause();
              resolve(asked);
            });
            asked.on('error', reject);
            asked.end();
          }),
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 1500));
    // Five files of 40 MB each would be 200.
    expect(process.memoryUsage().rss - before).toBeLessThan(120 * 1024 * 1024);
    for (const one of stalled) {
      one.on('error', () => undefined);
      one.destroy();
    }
    await eventually(async () => (await admin.get('/v1/messages?limit=1')).status === 200);
  }, 60_000);

  it('I1 refuses what it does not know', async () => {
    expect((await admin.get('/v1/messages/export.csv?limit=5')).status).toBe(400);
    expect((await admin.get('/v1/messages/export.csv?bom=1')).status).toBe(400);
  });
});

describe('POST /v1/messages/cleanup', () => {
  it('removes what is older than its session keeps, and nothing that still waits to be sent', async () => {
    await app.query(`INSERT INTO session (id, name, engine, settings) VALUES
      ('brief', 'Brief', 'sandbox', '{"retention": {"messageDays": 10}}'), ('keeps', 'Keeps', 'sandbox', '{}')`);
    await app.query(`INSERT INTO message (id, session_id, direction, type, status, created_at)
      SELECT 'msg_' || s || status || age, s, 'OUTBOUND', 'text', status, now() - age * interval '1 day'
      FROM unnest(ARRAY['brief', 'keeps']) AS s, unnest(ARRAY['READ', 'FAILED', 'QUEUED', 'SCHEDULED', 'UNCERTAIN']) AS status,
        unnest(ARRAY[9, 11]) AS age`);
    await app.query(
      `INSERT INTO message_timeline (message_id, status) SELECT id, status FROM message WHERE session_id = 'brief'`,
    );
    const left = async (): Promise<readonly string[]> =>
      (
        await app.query<{ id: string }>(`SELECT id FROM message WHERE session_id IN ('brief', 'keeps') ORDER BY id`)
      ).map(({ id }) => id);
    const all = await left();
    expect(await admin.post('/v1/messages/cleanup')).toMatchObject({
      status: 200,
      body: { dryRun: true, messages: 2 },
    });
    expect(await left()).toEqual(all);
    expect(await admin.post('/v1/messages/cleanup', { dryRun: false })).toMatchObject({
      body: { dryRun: false, messages: 2 },
    });
    const gone = ['msg_briefFAILED11', 'msg_briefREAD11'];
    expect(await left()).toEqual(all.filter((id) => !gone.includes(id)));
    expect(await app.query(`SELECT 1 FROM message_timeline WHERE message_id = ANY($1)`, [gone])).toEqual([]);
  });
});
