import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AuditTrail } from '../../src/modules/audit/index.js';
import { Transactions } from '../../src/platform/prisma/transactions.js';
import { eventually } from '../support/eventually.js';
import type { HttpClient } from '../support/http-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const ROOT = join(import.meta.dirname, '../..');

interface Entry {
  readonly seq: number;
  readonly id: string;
  readonly at: string;
  readonly actor: { readonly kind: string; readonly id: string; readonly name: string };
  readonly action: string;
  readonly target: string | null;
  readonly outcome: string;
  readonly requestId: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly hash: string;
  readonly previousHash: string;
}

interface EntryPage {
  readonly data: readonly Entry[];
  readonly nextCursor: string | null;
}

interface Verification {
  readonly valid: boolean;
  readonly entries: number;
  readonly head: string;
  readonly firstBad?: { readonly seq: number; readonly id: string | null; readonly reason: string };
}

describe('the audit trail (e2e)', () => {
  let app: TestApp;
  let admin: HttpClient;

  const write = (count: number): Promise<void> =>
    app.app.get(Transactions).run((tx) =>
      app.app.get(AuditTrail).record(
        tx,
        ...Array.from({ length: count }, (_, n) => ({
          action: 'tests.act',
          target: `thing-${String(n % 3)}`,
          detail: { n, text: 'quote " line\n unicode 😀 \u2028', nested: { b: [1, null], a: true } },
        })),
      ),
    );

  const list = async (query: string): Promise<EntryPage> => (await admin.get<EntryPage>(`/v1/audit?${query}`)).body;

  beforeAll(async () => {
    app = await createTestApp();
    admin = await app.as('ADMIN');
    await write(1200);
  });

  afterAll(() => app.close());

  describe('GET /v1/audit', () => {
    it('lists entries newest first, linked to each other', async () => {
      const { data, nextCursor } = await list('limit=20&action=tests.act');
      expect(data).toHaveLength(20);
      expect(nextCursor).not.toBeNull();
      expect(data[0]).toEqual({
        seq: expect.any(Number) as number,
        id: expect.stringMatching(/^aud_/) as string,
        at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        actor: { kind: 'system', id: 'system', name: 'Waypost' },
        action: 'tests.act',
        target: 'thing-2',
        outcome: 'success',
        requestId: null,
        detail: { n: 1199, text: 'quote " line\n unicode 😀 \u2028', nested: { b: [1, null], a: true } },
        hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        previousHash: data[1]?.hash,
      });
    });

    it('pages through all of them, once each, while others are written', async () => {
      const seen: number[] = [];
      let cursor: string | null = null;
      do {
        const page = await list(`limit=170&action=tests.act${cursor === null ? '' : `&cursor=${cursor}`}`);
        seen.push(...page.data.map(({ seq }) => seq));
        cursor = page.nextCursor;
        await write(1);
      } while (cursor !== null);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.length).toBeGreaterThanOrEqual(1200);
      expect(seen).toEqual([...seen].sort((a, b) => b - a));
    });

    it('narrows by action, actor, target, outcome and time', async () => {
      const viewer = await app.person('VIEWER');
      const denial = await viewer.client.post('/v1/users');
      expect(denial.status).toBe(403);
      const { data } = await list(`actorId=${viewer.id}&outcome=denied`);
      expect(data).toMatchObject([
        {
          action: 'access.denied',
          target: 'POST /v1/users',
          outcome: 'denied',
          actor: { kind: 'user', id: viewer.id, name: 'VIEWER' },
          requestId: denial.headers.get('x-request-id'),
          detail: { required: ['users:manage'] },
        },
      ]);
      const at = data[0]?.at ?? '';
      expect((await list(`action=access.denied&since=${at}`)).data).toHaveLength(1);
      expect((await list(`action=access.denied&until=${at}`)).data).toHaveLength(0);
      expect((await list('target=thing-1&limit=200')).data.every(({ target }) => target === 'thing-1')).toBe(true);
      expect((await list('action=no.such')).data).toEqual([]);
    });

    it('keeps a cursor to its filters', async () => {
      const { nextCursor } = await list('limit=1&action=tests.act');
      const answer = await admin.get(`/v1/audit?limit=1&action=other.act&cursor=${nextCursor ?? ''}`);
      expect(answer.status).toBe(400);
    });

    it.each([
      ['limit=0', '?limit'],
      ['limit=201', '?limit'],
      ['limit=many', '?limit'],
      ['since=yesterday', '?since'],
      ['until=2026-13-01', '?until'],
      ['since=2026-02-30T10:00:00', '?since'],
      ['outcome=maybe', '?outcome'],
      ['cursor=nonsense', '?cursor'],
      ['action=a&action=b', '?action'],
      ['unknown=1', '?unknown'],
    ])('refuses ?%s', async (query, pointer) => {
      const { status, body } = await admin.get<{ errors: { pointer: string }[] }>(`/v1/audit?${query}`);
      expect(status).toBe(400);
      expect(new Set(body.errors.map((error) => error.pointer))).toEqual(new Set([pointer]));
    });

    it('is for those who may read it', async () => {
      for (const role of ['OPERATOR', 'VIEWER'] as const) {
        const client = await app.as(role);
        for (const path of ['', '/verify', '/export']) expect((await client.get(`/v1/audit${path}`)).status).toBe(403);
      }
    });
  });

  it('has what a session did by itself, once each, and without a phone number', async () => {
    await admin.get('/whatsapp/admin/qr-code');
    await admin.post('/v1/sandbox/default/scan', { phone: '+12025550177' });
    await eventually(async () => (await list('action=sessions.ready')).data.length === 1);
    await admin.post('/v1/sandbox/default/disconnect', { reason: 'logged-out' });
    await eventually(async () => (await list('action=sessions.disconnected')).data.length === 1);
    const { data } = await list('target=default&limit=200');
    const events = data.filter(({ detail }) => 'eventId' in detail).reverse();
    expect(events.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['sessions.authenticated', 'success'],
      ['sessions.ready', 'success'],
      ['sessions.disconnected', 'failure'],
    ]);
    expect(events[1]?.detail).toMatchObject({ phone: '12*******77' });
    expect(JSON.stringify(data)).not.toContain('2025550177');
  });

  it('does not write twice what somebody asked for', async () => {
    await admin.get('/whatsapp/admin/qr-code');
    await admin.post('/v1/sandbox/default/scan', { phone: '+12025550177' });
    await eventually(async () => (await list('action=sessions.ready')).data.length === 2);
    const before = (await list('target=default&limit=200')).data.length;
    expect((await admin.post('/whatsapp/disconnect')).status).toBe(200);
    await eventually(async () => {
      const behind = 'SELECT FROM event, event_consumer AS c WHERE (event.tx, event.seq) > (c.tx, c.seq)';
      return (await app.query(behind)).length === 0;
    });
    const { data } = await list('target=default&limit=200');
    expect(data.slice(0, data.length - before).map(({ action }) => action)).toEqual(['sessions.disconnect']);
  });

  describe('GET /v1/audit/verify', () => {
    it('answers the head, and the first bad entry when there is one', async () => {
      const { body: whole } = await admin.get<Verification>('/v1/audit/verify');
      const [newest] = (await list('limit=1')).data;
      expect(whole).toEqual({ valid: true, entries: newest?.seq, head: newest?.hash });

      await app.query('ALTER TABLE audit_entry DISABLE TRIGGER USER');
      await app.query(`UPDATE audit_entry SET actor_name = 'Eve' WHERE seq = 600`);
      const { body: broken } = await admin.get<Verification>('/v1/audit/verify');
      expect(broken).toMatchObject({ valid: false, firstBad: { seq: 600, reason: 'changed' } });
      await app.query(`UPDATE audit_entry SET actor_name = 'Waypost' WHERE seq = 600`);
      await app.query('ALTER TABLE audit_entry ENABLE TRIGGER USER');
      expect((await admin.get<Verification>('/v1/audit/verify')).body.valid).toBe(true);
    });
  });

  describe('U5 the export and its verifier', () => {
    let dir: string;
    let lines: string[];
    let head: string;

    const run = async (...args: readonly string[]): Promise<{ code: number; out: string }> => {
      const child = spawn(process.execPath, [join(ROOT, 'scripts/audit-verify.mjs'), ...args], {
        cwd: dir,
        env: { PATH: process.env['PATH'] },
      });
      let out = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (out += String(text)));
      const [code] = (await once(child, 'close')) as [number];
      return { code, out };
    };

    const verify = async (tampered: readonly string[], ...args: readonly string[]): ReturnType<typeof run> => {
      await writeFile(join(dir, 'trail.ndjson'), tampered.map((line) => `${line}\n`).join(''));
      return run('trail.ndjson', ...args);
    };

    const change = (place: number, edit: (entry: Record<string, unknown>) => void): string[] => {
      const entry = JSON.parse(lines[place - 1] ?? '') as Record<string, unknown>;
      edit(entry);
      return lines.with(place - 1, JSON.stringify(entry));
    };

    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), 'waypost-audit-'));
      const answer = await admin.get<string>('/v1/audit/export');
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
      expect(answer.headers.get('content-disposition')).toContain('waypost-audit.ndjson');
      lines = answer.text.trimEnd().split('\n');
      head = answer.headers.get('waypost-audit-head') ?? '';
      expect(answer.headers.get('waypost-audit-entries')).toBe(String(lines.length));
    });

    afterAll(() => rm(dir, { recursive: true, force: true }));

    it('holds every entry, oldest first', async () => {
      const [newest] = (await list('limit=1')).data;
      expect(lines).toHaveLength(newest?.seq ?? 0);
      expect(JSON.parse(lines.at(-1) ?? '')).toEqual(newest);
      expect((JSON.parse(lines[0] ?? '') as Entry).previousHash).toBe('0'.repeat(64));
    });

    it('is verified by a file and Node alone', async () => {
      expect(await verify(lines)).toEqual({ code: 0, out: `VALID: ${String(lines.length)} entries, head ${head}.\n` });
      expect((await verify(lines, '--head', head)).code).toBe(0);
    });

    it.each([
      ['actor', (entry: Record<string, unknown>) => Object.assign(entry['actor'] as object, { name: 'Eve' })],
      ['detail', (entry: Record<string, unknown>) => Object.assign(entry['detail'] as object, { n: -1 })],
      ['target', (entry: Record<string, unknown>) => Object.assign(entry, { target: null })],
      ['at', (entry: Record<string, unknown>) => Object.assign(entry, { at: '2020-01-01T00:00:00.000Z' })],
      ['actor, left out', (entry: Record<string, unknown>) => delete entry['actor']],
    ])('names a changed entry: %s', async (_what, edit) => {
      for (const place of [30, 601, lines.length - 40]) {
        const { code, out } = await verify(change(place, (entry) => void edit(entry)));
        expect(code).toBe(1);
        expect(out).toContain(`BROKEN at entry ${String(place)} (aud_`);
      }
    });

    it('names the place of an entry that was deleted, swapped or put in', async () => {
      const [a = '', b = ''] = [lines[99], lines[700]];
      expect((await verify(lines.toSpliced(99, 1))).out).toContain('BROKEN at entry 100: it is missing');
      expect((await verify(lines.with(99, b).with(700, a))).out).toContain('BROKEN at entry 100');
      expect((await verify(lines.toSpliced(99, 0, b))).out).toContain('BROKEN at entry 100');
      expect((await verify(lines.toSpliced(99, 0, a))).out).toContain('BROKEN at entry 101');
      expect((await verify(lines.with(99, '{"seq":'))).out).toContain('BROKEN at entry 100: it cannot be read');
    });

    it('sees entries that were cut off by the head that was kept, and only by that', async () => {
      const cut = lines.slice(0, -3);
      expect((await verify(cut)).code).toBe(0);
      const { code, out } = await verify(cut, '--head', head);
      expect(code).toBe(1);
      expect(out).toContain(`BROKEN at entry ${String(cut.length + 1)}: it is missing`);
    });

    it('accepts a head that was kept earlier', async () => {
      const { hash } = JSON.parse(lines[99] ?? '') as Entry;
      const { code, out } = await verify(lines, '--head', hash);
      expect(code).toBe(0);
      expect(out).toContain('the head that you kept is entry 100');
    });

    it('explains itself when it is called wrongly', async () => {
      await writeFile(join(dir, 'trail.ndjson'), '');
      for (const args of [[], ['--help'], ['a', 'b'], ['a', '--head'], ['a', '--head', 'xyz'], ['no-such-file']]) {
        const { code, out } = await run(...args);
        expect(code).toBe(2);
        expect(out).toMatch(args[0] === 'no-such-file' ? /cannot be read/ : /^Usage:/);
      }
      expect((await run('trail.ndjson')).code).toBe(0);
    });
  });
});
