import { unguardCell } from '../../src/platform/csv/safe-csv.js';
import { BulkSender } from '../support/bulk-sender.js';
import { eventually } from '../support/eventually.js';
import type { HttpClient } from '../support/http-client.js';
import { findViolations, type Query } from '../support/invariants.js';
import { createLinkedApp } from '../support/linked-app.js';
import type { TestApp } from '../support/test-app.js';

const NO_BATCH = 'bat_00000000000000000000000000';

/** Rows of RFC 4180 without its line breaks inside of cells. */
const parseCsv = (csv: string): string[][] =>
  csv
    .replace('\uFEFF', '')
    .split('\r\n')
    .filter((line) => line !== '')
    .map((line) =>
      [...line.matchAll(/(?:"((?:[^"]|"")*)"|([^",]*))(?:,|$)/g)]
        .map(([, quoted, plain]) => unguardCell(quoted?.replaceAll('""', '"') ?? plain ?? ''))
        .slice(0, 9),
    );

let app: TestApp;
let admin: HttpClient;
let query: Query;
let bulk: BulkSender;

beforeAll(async () => {
  ({ app, admin, query } = await createLinkedApp());
  bulk = new BulkSender(admin);
});

afterAll(async () => {
  await eventually(async () => (await findViolations(query)).length === 0, 20_000);
  await app.close();
});

const countIn = async (table: 'message' | 'batch' | 'batch_refusal' | 'idempotency_key'): Promise<number> =>
  Number((await query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`))[0]?.n);

describe('POST /v1/messages/bulk', () => {
  it('I8 I14 sends to each once, and one file tells what became of everybody', async () => {
    await admin.post('/v1/opt-outs', { phone: '+12025550160' });
    const recipients = [
      ...[{ to: '+12025550110' }, { to: '1 202 555 0110' }, { to: '+12025550101' }, { to: '+12025550160' }],
      ...[{ to: '=HYPERLINK("http://x")' }, { to: '+12025550122' }, { to: 'status@broadcast' }],
    ];
    const { status, body } = await bulk.send({ recipients, text: 'for all' });
    expect([status, body]).toMatchObject([202, { accepted: 3, duplicates: 1, refused: 3 }]);
    await bulk.untilDone(body.batchId);
    await eventually(async () => (await bulk.detail(body.batchId)).progress['READ'] === 1);
    expect(await bulk.detail(body.batchId)).toMatchObject({ state: 'RUNNING', given: 7, waiting: 0, isDone: true });

    const file = await admin.get(`/v1/batches/${body.batchId}/result.csv`);
    expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(file.headers.get('content-disposition')).toBe(`attachment; filename="${body.batchId}.csv"`);
    expect(file.text).not.toMatch(/(?:^|,)"?[=+@]/m);
    const [header, ...rows] = parseCsv(file.text);
    expect(header?.slice(0, 5)).toEqual(['recipient', 'status', 'messageId', 'errorCode', 'errorDetail']);
    expect(rows.map((row) => [row[0], row[1], row[3]])).toEqual([
      ['+12025550110', 'READ', ''],
      ['+12025550101', 'DELIVERED', ''],
      ['+12025550122', 'FAILED', 'blocked-by-recipient'],
      ['1 202 555 0110', 'DUPLICATE', 'duplicate-recipient'],
      ['+12025550160', 'REFUSED', 'recipient-opted-out'],
      ['=HYPERLINK("http://x")', 'REFUSED', 'invalid-phone-number'],
      ['status@broadcast', 'REFUSED', 'invalid-phone-number'],
    ]);
    const message = await admin.get<{ batchId: string }>(`/v1/messages/${rows[0]?.[2] ?? ''}`);
    expect(message.body.batchId).toBe(body.batchId);
  });

  it('fills a template for each, and one without its variables stops nobody else', async () => {
    const template = await admin.post<{ id: string }>('/v1/templates', {
      ...{ name: 'order', language: 'en', body: 'Hi {{name}}, {{shop}} has your order.' },
    });
    const [one, two, three] = bulk.fresh(3);
    const { body } = await bulk.send({
      template: { name: 'order', variables: { shop: 'The shop' } },
      recipients: [
        { ...one, variables: { name: 'Ada' } },
        { ...two, variables: { name: '{{shop}}', shop: 'Another' } },
        { ...three },
      ],
    });
    expect(body).toMatchObject({ accepted: 2, refused: 1 });
    const texts = await query('SELECT text FROM message WHERE batch_id = $1 ORDER BY seq', [body.batchId]);
    expect(texts).toEqual([
      { text: 'Hi Ada, The shop has your order.' },
      { text: 'Hi {{shop}}, Another has your order.' },
    ]);
    const [refusal] = await query('SELECT code, detail FROM batch_refusal WHERE batch_id = $1', [body.batchId]);
    expect(refusal).toEqual({
      code: 'template-variables-invalid',
      detail: 'The variables do not fit the template (missing: name).',
    });
    expect((await admin.get<{ templateId: string }>(`/v1/batches/${body.batchId}`)).body.templateId).toBe(
      template.body.id,
    );
  });

  it.each([
    ['nothing to say', { recipients: [{ to: '+12025550110' }] }, '#'],
    ['a text and a template', { recipients: [{ to: '+12025550110' }], text: 'a', template: { name: 'order' } }, '#'],
    [
      'variables of a text',
      { recipients: [{ to: '+12025550110' }, { to: '+12025550101', variables: { a: 'b' } }], text: 'a' },
      '#/recipients/1/variables',
    ],
    ['nobody', { recipients: [], text: 'a' }, '#/recipients'],
    ['a list in the list', { recipients: [[]], text: 'a' }, '#/recipients'],
    ['too many', { recipients: Array.from({ length: 10_001 }, () => ({ to: '1' })), text: 'a' }, '#/recipients'],
    ['a number for a text', { recipients: [{ to: 12_025_550_110 }], text: 'a' }, '#/recipients/0/to'],
    [
      'variables that are no texts',
      { recipients: [{ to: '+12025550110', variables: { a: 1 } }], template: { name: 'order' } },
      '#/recipients/0/variables',
    ],
  ])('refuses %s whole', async (_what, body, pointer) => {
    const before = await countIn('batch');
    const answer = await admin.post<{ errors: { pointer: string }[] }>('/v1/messages/bulk', body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((error) => error.pointer)).toContain(pointer);
    expect(await countIn('batch')).toBe(before);
  });

  it('refuses a template that is not there, and times that cannot be', async () => {
    const recipients = bulk.fresh(2);
    expect(await bulk.send({ recipients, template: { name: 'nowhere' } })).toMatchObject({
      ...{ status: 404, body: { code: 'template-not-found' } },
    });
    expect(await bulk.send({ recipients, text: 'late', expiresAt: '2020-01-01T00:00:00Z' })).toMatchObject({
      ...{ status: 400, body: { code: 'message-times-invalid' } },
    });
  });

  it('makes nothing twice of requests with one key, also when they come at once', async () => {
    const body = { recipients: bulk.fresh(20), text: 'once' };
    const answers = await Promise.all(Array.from({ length: 6 }, () => bulk.send(body, 'bulk-once')));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 202));
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(5);
    expect(await query("SELECT 1 FROM message WHERE text = 'once'")).toHaveLength(20);
    const other = await bulk.send({ ...body, text: 'another' }, 'bulk-once');
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  });

  it('F7 a connection that breaks in the middle leaves nothing, and the repeat with the key makes it whole', async () => {
    const tables = ['message', 'batch', 'batch_refusal', 'idempotency_key'] as const;
    const countAll = (): Promise<number[]> => Promise.all(tables.map(countIn));
    const before = await countAll();
    const body = { recipients: [...bulk.fresh(1500), { to: 'nobody' }], text: 'broken' };
    // Behind the messages and before the batch itself, the connection that writes them is gone.
    await query(`CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(10); RETURN NEW; END $$`);
    await query('CREATE TRIGGER break_off BEFORE INSERT ON batch FOR EACH ROW EXECUTE FUNCTION break_off()');
    try {
      expect(await bulk.send(body, 'bulk-broken')).toMatchObject({
        status: 503,
        body: { code: 'database-unavailable' },
      });
      expect(await countAll()).toEqual(before);
    } finally {
      await query('DROP FUNCTION break_off CASCADE');
    }
    const { status, body: accepted, headers } = await bulk.send(body, 'bulk-broken');
    expect([status, accepted]).toMatchObject([202, { accepted: 1500, refused: 1 }]);
    expect(headers.get('idempotency-replayed')).toBeNull();
    await bulk.untilDone(accepted.batchId);
  }, 60_000);

  it('takes ten thousand at once, in a body larger than others may be', async () => {
    await admin.post('/v1/templates', { name: 'big', language: 'en', body: '{{text}}' });
    const recipients = bulk.fresh(10_000).map(({ to }) => ({ to, variables: { text: `${to} ${'x'.repeat(80)}` } }));
    const scheduledAt = new Date(Date.now() + 3_600_000).toISOString();
    const body = { recipients, template: { name: 'big' }, scheduledAt };
    expect(JSON.stringify(body).length).toBeGreaterThan(1_048_576);
    const { status, body: accepted } = await bulk.send(body);
    expect([status, accepted]).toMatchObject([202, { accepted: 10_000, duplicates: 0, refused: 0 }]);
    expect((await bulk.detail(accepted.batchId)).progress).toEqual({ SCHEDULED: 10_000 });
    const file = await admin.get(`/v1/batches/${accepted.batchId}/result.csv`);
    expect(file.text.split('\r\n')).toHaveLength(10_002);
    expect((await admin.post(`/v1/batches/${accepted.batchId}/cancel`)).status).toBe(200);
    expect((await bulk.detail(accepted.batchId)).progress).toEqual({ CANCELLED: 10_000 });
  }, 120_000);
});

describe('whose a batch is', () => {
  it('A3 one of a session that was not granted is not there, as one that does not exist', async () => {
    const { body } = await bulk.send({ recipients: bulk.fresh(1), text: 'private' });
    const stranger = (await app.addPerson('OPERATOR', [])).client;
    const owner = (await app.addPerson('OPERATOR', ['default'])).client;
    for (const [method, path] of [
      ...[['GET', ''] as const, ['GET', '/result.csv'] as const],
      ...(['pause', 'resume', 'cancel'] as const).map((act) => ['POST', `/${act}`] as const),
    ]) {
      const theirs = await stranger.call<{ code: string; detail: string }>(`/v1/batches/${body.batchId}${path}`, {
        method,
      });
      const nobodys = await stranger.call<{ code: string; detail: string }>(`/v1/batches/${NO_BATCH}${path}`, {
        method,
      });
      expect([theirs.status, theirs.body.code, theirs.body.detail]).toEqual([
        404,
        'batch-not-found',
        nobodys.body.detail,
      ]);
    }
    expect((await stranger.get<{ data: unknown[] }>('/v1/batches')).body.data).toEqual([]);
    expect(await stranger.post('/v1/messages/bulk', { recipients: bulk.fresh(1), text: 'no' })).toMatchObject({
      ...{ status: 404, body: { code: 'session-not-found' } },
    });
    expect((await owner.get(`/v1/batches/${body.batchId}`)).status).toBe(200);
  });

  it('pages through them, newest first', async () => {
    const made: string[] = [];
    for (let i = 0; i < 3; i += 1)
      made.unshift((await bulk.send({ recipients: bulk.fresh(1), text: 'page' })).body.batchId);
    const page = await admin.get<{ data: { id: string }[]; nextCursor: string }>(
      '/v1/batches?limit=2&sessionId=default',
    );
    expect(page.body.data.map(({ id }) => id)).toEqual(made.slice(0, 2));
    const next = await admin.get<{ data: { id: string }[] }>(
      `/v1/batches?limit=1&sessionId=default&cursor=${page.body.nextCursor}`,
    );
    expect(next.body.data.map(({ id }) => id)).toEqual(made.slice(2));
    expect((await admin.get(`/v1/batches?limit=1&cursor=${page.body.nextCursor}`)).status).toBe(400);
  });
});
