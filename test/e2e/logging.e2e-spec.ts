import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { HttpClient } from '../support/http-client.js';
import { findLeaks, plant } from '../support/leak-probe.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

type Line = Readonly<Record<string, unknown>>;

process.env['WAYPOST_TEST_LOG'] ??= join(mkdtempSync(join(tmpdir(), 'waypost-log-')), 'test.log');
const log = process.env['WAYPOST_TEST_LOG'];

let test: TestApp;
let admin: HttpClient;

beforeAll(async () => {
  test = await createTestApp();
  admin = await test.as('ADMIN');
});

afterAll(() => test.close());

/** Every line of a request, by the id that its answer carried; the whole run may write to the same log. */
const linesOf = ({ headers }: { readonly headers: Headers }): readonly Line[] =>
  readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
    .filter(({ requestId }) => requestId === headers.get('x-request-id'));

describe('the log of a request', () => {
  it('S1.4 is one line that says what was asked, by whom, and what came of it', async () => {
    const answer = await admin.get('/v1/users?limit=7');
    expect(linesOf(answer)).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        requestId: answer.headers.get('x-request-id'),
        context: 'Http',
        method: 'GET',
        route: '/v1/users',
        status: 200,
        ms: expect.any(Number),
        principal: 'user',
        principalId: (await test.person('ADMIN')).id,
        msg: 'request',
      },
    ]);
  });

  it('whispers what machines ask every few seconds', async () => {
    for (const path of ['/health', '/health/live', '/health/ready', '/metrics']) {
      const lines = linesOf(await admin.get(path)).filter(({ context }) => context === 'Http');
      expect(lines).toMatchObject([{ level: 'debug', route: path }]);
    }
  });

  it('L1 holds no path, query, header or body of the caller', async () => {
    plant('canary', 'canary-in-every-place');
    const headers = {
      'user-agent': 'canary-in-every-place',
      cookie: 'x=canary-in-every-place',
      'x-api-key': 'canary-in-every-place',
      authorization: 'Bearer canary-in-every-place',
    };
    const unmatched = await test.client.get('/canary-in-every-place?token=canary-in-every-place', headers);
    expect(linesOf(unmatched)).toMatchObject([{ route: 'unmatched', status: 404 }]);
    const answers = [
      unmatched,
      await test.client.get('/v1/messages/canary-in-every-place', headers),
      await test.client.call('/v1/messages', { method: 'POST', rawBody: '{"canary-in-every-place', headers }),
      await admin.post('/v1/messages', { to: 'canary-in-every-place', text: 'canary-in-every-place' }),
      await admin.get('/v1/audit?cursor=canary-in-every-place'),
    ];
    for (const answer of answers) {
      const lines = linesOf(answer);
      expect(lines.length).toBeGreaterThan(0);
      expect(findLeaks(JSON.stringify(lines))).toEqual([]);
    }
  });

  it('L1 L4 Q1 stays without secrets through the main job, as do the audit export and metrics', async () => {
    const { body } = await admin.get<{ readonly data: { readonly qr: string } }>('/whatsapp/admin/qr-code');
    plant('qr', body.data.qr);
    await admin.post('/v1/sandbox/default/scan', { phone: '+12025550100' });
    await admin.post('/whatsapp/send', { phone: '+12025550110', message: 'a message that nobody else may read' });
    await test.client.post('/v1/auth/login', { email: 'admin@example.org', password: 'a wrong long passphrase' });
    await admin.post('/v1/users', { email: 'new@example.org', name: 'New', role: 'VIEWER' });
    const audit = await admin.get('/v1/audit/export');
    const metrics = await admin.get('/metrics');
    expect(audit.text.split('\n').length).toBeGreaterThan(3);
    expect(findLeaks(audit.text)).toEqual([]);
    expect(findLeaks(metrics.text)).toEqual([]);
    expect(findLeaks(readFileSync(log, 'utf8'))).toEqual([]);
  });
});

describe(findLeaks.name, () => {
  const secret = { name: 'planted', value: 'päss"word-1234' };

  it.each([
    ['as it is', 'a\nb päss"word-1234'],
    ['inside of JSON', `a\n${JSON.stringify({ x: 'päss"word-1234' })}`],
    ['inside of a URL', `a\n/x?y=${encodeURIComponent('päss"word-1234')}`],
  ])('finds a secret %s, names it and its line, and does not tell it', (_how, text) => {
    expect(findLeaks(text, [secret])).toEqual([{ name: 'planted', line: 2 }]);
  });

  it('finds nothing where nothing is', () => {
    expect(findLeaks('password-1234', [secret])).toEqual([]);
  });
});
