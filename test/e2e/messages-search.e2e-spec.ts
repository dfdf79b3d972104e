import { eventuallyPasses } from '../support/eventually.js';
import type { HttpClient } from '../support/http-client.js';
import { createLinkedApp } from '../support/linked-app.js';
import type { TestApp } from '../support/test-app.js';

interface Listed {
  readonly data: readonly { readonly id: string; readonly text: string }[];
  readonly nextCursor: string | null;
}

const TO = '+12025550110';
const ADA = '+12025550111';
const TEXTS = {
  chinese: '你好，明天见',
  japanese: 'がんばって カタカナ',
  korean: '안녕하세요',
  arabic: 'مُحَمَّد يقول مرحبا',
  accents: 'São João à l’école, Straße',
  family: 'wir 👩‍👩‍👧 kommen',
  woman: '👩 allein',
  tone: 'gut 👍🏽!',
  plain: 'gut 👍!',
  heart: 'love ❤️',
  percent: '100% sicher_lich "quoted" it\'s \\ back',
  hundred: '1000 sicherXlich',
  tag: "'; DROP TABLE message; --",
} as const;

let app: TestApp;
let admin: HttpClient;

const found = async (q: string, more = '', client = admin): Promise<readonly string[]> => {
  const { status, body } = await client.get<Listed>(`/v1/messages?q=${encodeURIComponent(q)}${more}`);
  expect(status).toBe(200);
  return body.data.map(({ text }) => text);
};

const untilFound = async (q: string, texts: readonly string[]): Promise<void> => {
  await eventuallyPasses(async () => {
    expect(await found(q)).toEqual(texts);
  });
};

const isIndexed = async (): Promise<void> => {
  await eventuallyPasses(async () => {
    expect(await app.query('SELECT 1 FROM message_text_pending LIMIT 1')).toEqual([]);
  }, 60_000);
};

const texts = (names: string): readonly string[] =>
  names.split(' ').flatMap((name) => (name in TEXTS ? TEXTS[name as keyof typeof TEXTS] : []));

const brokenOnPurpose = { faults: /msg_many/, because: 'so many messages are written by hand' };

beforeAll(async () => {
  ({ app, admin } = await createLinkedApp({ brokenOnPurpose }));
  for (const text of Object.values(TEXTS)) {
    expect((await admin.post('/v1/messages', { to: TO, text })).status).toBe(202);
  }
  await app.query(`INSERT INTO session (id, name, engine) VALUES ('other', 'Other', 'sandbox')`);
  await app.query(
    `INSERT INTO message (id, session_id, direction, type, status, sender, recipient, text, created_at)
     VALUES ('msg_foreign', 'other', 'INBOUND', 'image', 'RECEIVED', $1, $2, '你好 foreign word', now() - interval '1 day')`,
    [ADA, TO],
  );
  await isIndexed();
});

afterAll(() => app.close());

describe('GET /v1/messages?q', () => {
  it.each([
    ['明', 'chinese'],
    ['明天', 'chinese'],
    ['明天见', 'chinese'],
    ['见 你好', 'chinese'],
    ['天明', ''],
    ['ガ', ''],
    ['が', 'japanese'],
    ['ｶﾀｶﾅ', 'japanese'],
    ['녕하', 'korean'],
    ['محمد', 'arabic'],
    ['مرحبا محمد', 'arabic'],
    ['مرحبا محمود', ''],
    ['sao JOAO', 'accents'],
    ['são joão', 'accents'],
    ['ecole', 'accents'],
    ['STRASSE', 'accents'],
    ['👩‍👩‍👧', 'family'],
    ['👩', 'woman family'],
    ['👧', 'family'],
    ['👍🏽', 'tone'],
    ['👍', 'plain tone'],
    ['👍🏿', ''],
    ['❤', 'heart'],
    ['❤️', 'heart'],
    ['gut', 'plain tone'],
    ['ut 👍', 'plain tone'],
    ['100%', 'percent'],
    ['%', 'percent'],
    ['sicher_lich', 'percent'],
    ['_', 'percent'],
    ['"quoted"', 'percent'],
    ["it's", 'percent'],
    ['\\', 'percent'],
    ['sicher', 'hundred percent'],
    ["'; DROP TABLE message; --", 'tag'],
    ['nothing like it', ''],
  ])('%s finds %s', async (q, names) => {
    expect(await found(q)).toEqual(texts(names));
  });

  it('A3 finds nothing of a session that was not granted', async () => {
    expect(await found('你好')).toEqual([TEXTS.chinese, '你好 foreign word']);
    const { client } = await app.addPerson('VIEWER', ['default']);
    expect(await found('你好', '', client)).toEqual([TEXTS.chinese]);
    expect(await found('foreign', '', client)).toEqual([]);
    expect(await found('foreign', '&sessionId=other', client)).toEqual([]);
    const { client: both } = await app.addPerson('VIEWER', ['other', 'none']);
    expect(await found('你好', '', both)).toEqual(['你好 foreign word']);
    const { client: nobody } = await app.addPerson('VIEWER', []);
    expect(await found('你好', '', nobody)).toEqual([]);
  });

  it('goes with the other filters, and a cursor belongs to its words', async () => {
    expect(await found('你好', '&sessionId=other')).toEqual(['你好 foreign word']);
    expect(await found('你好', '&type=image')).toEqual(['你好 foreign word']);
    expect(await found('你好', '&direction=OUTBOUND')).toEqual([TEXTS.chinese]);
    expect(await found('你好', '&status=RECEIVED')).toEqual(['你好 foreign word']);
    expect(await found('你好', '&status=FAILED')).toEqual([]);
    expect(await found('你好', `&to=${encodeURIComponent(TO)}&from=${encodeURIComponent(ADA)}`)).toEqual([
      '你好 foreign word',
    ]);
    expect(await found('你好', `&until=${new Date(Date.now() - 3_600_000).toISOString()}`)).toEqual([
      '你好 foreign word',
    ]);
    const first = await admin.get<Listed>(`/v1/messages?q=${encodeURIComponent('你好')}&limit=1`);
    const cursor = first.body.nextCursor ?? '';
    expect(await found('你好', `&limit=1&cursor=${cursor}`)).toEqual(['你好 foreign word']);
    expect((await admin.get(`/v1/messages?q=other&limit=1&cursor=${cursor}`)).status).toBe(400);
  });

  it('the export takes the same filter, and the trail does not say the words', async () => {
    const { text } = await admin.get(`/v1/messages/export.csv?q=${encodeURIComponent('👍🏽')}`);
    expect(text.trim().split('\r\n')).toHaveLength(2);
    expect(text).toContain(TEXTS.tone);
    const [entry] = await app.query<{ detail: string }>(
      `SELECT detail FROM audit_entry WHERE action = 'messages.export' ORDER BY seq DESC LIMIT 1`,
    );
    expect(JSON.parse(entry?.detail ?? '')).toEqual({ alsoBy: ['q'] });
  });

  it.each(['q=', 'q=%20', 'q=%E2%80%8B', 'q=a&q=b', 'q[]=a', `q=${'x'.repeat(201)}`, 'q=%00', 'q=a%00b'])(
    'I2 I4 I7 refuses ?%s',
    async (parameters) => {
      expect((await admin.get(`/v1/messages?${parameters}`)).status).toBe(400);
      expect((await admin.get(`/v1/messages/export.csv?${parameters}`)).status).toBe(400);
    },
  );

  it('an edited text is found as it is now, and a revoked or removed one not at all', async () => {
    const receive = (id: string, text: string): ReturnType<HttpClient['post']> =>
      admin.post('/v1/sandbox/default/receive', { from: ADA, text, id });
    expect((await receive('in_1', 'before it was otter')).status).toBeLessThan(300);
    expect((await receive('in_2', 'badger to be revoked')).status).toBeLessThan(300);
    await untilFound('otter', ['before it was otter']);
    await untilFound('badger', ['badger to be revoked']);
    await admin.post('/v1/sandbox/default/edit', { providerMessageId: 'in_1', text: 'now it is a beaver' });
    await admin.post('/v1/sandbox/default/revoke', { providerMessageId: 'in_2' });
    await untilFound('beaver', ['now it is a beaver']);
    await untilFound('otter', []);
    await untilFound('badger', []);
    await isIndexed();
    expect(await app.query(`SELECT 1 FROM message_text WHERE text LIKE '%otter%' OR text LIKE '%badger%'`)).toEqual([]);
    await app.query(`DELETE FROM message WHERE text LIKE '%beaver%'`);
    expect(await found('beaver')).toEqual([]);
    await isIndexed();
    expect(await app.query(`SELECT 1 FROM message_text WHERE text LIKE '%beaver%'`)).toEqual([]);
  });
});

describe('a log of many messages', () => {
  beforeAll(async () => {
    await app.query(`
      INSERT INTO message (id, session_id, direction, type, status, recipient, text, created_at)
      SELECT 'msg_many' || n, 'default', 'OUTBOUND', 'text', 'READ', '${ADA}',
        'number ' || n || CASE n % 100 WHEN 7 THEN ' walrus' ELSE '' END,
        -- A few were stored long after they were written.
        now() - (3000 - n + CASE n % 250 WHEN 0 THEN 2000 ELSE 0 END) * interval '1 minute'
      FROM generate_series(1, 3000) AS n`);
    await isIndexed();
  }, 90_000);

  it('is read in the order of the list, each once, page after page', async () => {
    for (const [q, filter] of [
      ['number', () => true],
      ['walrus', (n: number) => n % 100 === 7],
      ['mber 25', (n: number) => String(n).startsWith('25')],
    ] as const) {
      const seen: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const { body }: { readonly body: Listed } = await admin.get<Listed>(
          `/v1/messages?q=${q}&limit=190${cursor === '' ? '' : `&cursor=${cursor}`}`,
        );
        seen.push(...body.data.map(({ id }) => id));
        cursor = body.nextCursor;
      }
      const expected = Array.from({ length: 3000 }, (_, place) => place + 1)
        .filter((n) => filter(n) || (q === 'mber 25' && String(n).includes('25')))
        .map((n) => ({ n, at: n - (n % 250 === 0 ? 2000 : 0) }))
        .sort((one, other) => other.at - one.at || other.n - one.n)
        .map(({ n }) => `msg_many${String(n)}`);
      expect(seen).toEqual(expected);
    }
  });

  it('blocks of removed messages go, and what is left of a block is found', async () => {
    await app.query(`DELETE FROM message WHERE id LIKE 'msg_many%' AND text NOT LIKE 'number 12%'`);
    await isIndexed();
    const blocks = await app.query<{ id: number }>(
      `SELECT id FROM message_text_block AS block WHERE keys IS NOT NULL
        AND NOT EXISTS (SELECT FROM message_text WHERE block_id = block.id)`,
    );
    expect(blocks).toEqual([]);
    expect(await found('walrus')).toEqual(['number 1207 walrus']);
    expect(await found('number', '&limit=200')).toHaveLength(111);
  });
});
