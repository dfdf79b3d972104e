import { setTimeout as sleep } from 'node:timers/promises';

import type { EventDefinition } from '../../src/kernel/events/event-definition.js';
import {
  SessionAuthFailed,
  SessionDisconnected,
  SessionManuallyDisconnected,
  SessionQrShown,
  SessionReady,
  SessionReconnectExhausted,
} from '../../src/modules/sessions/index.js';
import { Transactions } from '../../src/platform/prisma/transactions.js';
import { eventually } from '../support/eventually.js';
import type { HttpClient } from '../support/http-client.js';
import { SmtpStandIn } from '../support/smtp-stand-in.js';
import { createTestApp, type Person, type TestApp } from '../support/test-app.js';

interface NotificationBody {
  readonly id: string;
  readonly kind: string;
  readonly sessionId: string;
  readonly title: string;
  readonly body: string;
  readonly readAt: string | null;
}

interface NotificationPage {
  readonly data: readonly NotificationBody[];
  readonly nextCursor: string | null;
}

describe('notifications (e2e)', () => {
  let app: TestApp;
  let smtp: SmtpStandIn;
  let admin: HttpClient;
  let second: Person;
  let operator: Person;

  const happens = (sessionId: string, event: EventDefinition, data: object = {}): Promise<void> =>
    app.app.get(Transactions).run((tx) => {
      tx.record(event, sessionId, data);
      return Promise.resolve();
    });

  /** All consumers have read everything that has happened so far. */
  const digested = (): Promise<unknown> =>
    eventually(async () => {
      const rows = await app.query(
        `SELECT FROM event, event_consumer AS c WHERE c.name = 'notifications' AND (event.tx, event.seq) > (c.tx, c.seq)`,
      );
      return rows.length === 0;
    });

  const told = async (who: HttpClient, sessionId: string): Promise<string[]> => {
    const { body } = await who.get<NotificationPage>('/v1/notifications?limit=200');
    return body.data.filter((one) => one.sessionId === sessionId).map(({ kind }) => kind);
  };

  const mailsAbout = (sessionId: string): SmtpStandIn['received'] =>
    smtp.received.filter(({ mail }) => mail.subject?.includes(`"${sessionId}"`));

  beforeAll(async () => {
    smtp = await SmtpStandIn.reserve();
    await smtp.start();
    app = await createTestApp({
      env: { SMTP_URL: smtp.url, MAIL_FROM: 'Waypost <alerts@example.org>', PUBLIC_URL: 'https://waypost.example.org' },
    });
    admin = await app.as('ADMIN');
    second = await app.addPerson('ADMIN', []);
    operator = await app.person('OPERATOR');
    const gone = await app.addPerson('ADMIN', []);
    expect((await admin.patch(`/v1/users/${gone.id}`, { disabled: true })).status).toBe(200);
  });

  afterAll(async () => {
    await app.close();
    await smtp.stop();
  });

  it('tells every administrator who can sign in, in the application and by mail, once an incident', async () => {
    for (let i = 0; i < 5; i += 1) await happens('s1', SessionQrShown, { requested: false });
    await digested();
    expect(await told(admin, 's1')).toEqual(['qr-needed']);
    expect(await told(second.client, 's1')).toEqual(['qr-needed']);
    expect(await told(operator.client, 's1')).toEqual([]);
    await eventually(() => mailsAbout('s1').length === 2);

    await happens('s1', SessionReady, { phone: '+12025550110', name: null });
    await happens('s1', SessionQrShown, { requested: false });
    await digested();
    expect(await told(admin, 's1')).toEqual(['qr-needed', 'qr-needed']);
    await eventually(() => mailsAbout('s1').length === 4);
    await sleep(1500);
    expect(mailsAbout('s1')).toHaveLength(4);
    const messageIds = mailsAbout('s1').map(({ mail }) => mail.messageId);
    expect(new Set(messageIds).size).toBe(4);
  });

  it.each([
    ['auth-failed', SessionAuthFailed, { reason: 'refused' }],
    ['reconnect-exhausted', SessionReconnectExhausted, { attempts: 5, reason: 'no network' }],
    ['logged-out', SessionDisconnected, { reason: 'LOGOUT', cause: 'logged-out' }],
  ])('tells of %s once', async (kind, event, data) => {
    await happens(kind, event, data);
    await happens(kind, event, data);
    await digested();
    expect(await told(admin, kind)).toEqual([kind]);
  });

  it('counts the QR that follows a logout to the logout', async () => {
    await happens('s2', SessionDisconnected, { reason: 'LOGOUT', cause: 'logged-out' });
    await happens('s2', SessionQrShown, { requested: false });
    await digested();
    expect(await told(admin, 's2')).toEqual(['logged-out']);
  });

  it('is silent about a QR that somebody asked for, a passing loss, and a manual disconnect', async () => {
    await happens('s3', SessionQrShown, { requested: true });
    await happens('s3', SessionDisconnected, { reason: 'network', cause: 'connection' });
    await happens('s3', SessionManuallyDisconnected);
    await happens('s3', SessionDisconnected, { reason: 'asked', cause: 'manual' });
    await digested();
    expect(await told(admin, 's3')).toEqual([]);
  });

  it('takes a manual disconnect as the end of an incident', async () => {
    await happens('s4', SessionAuthFailed, { reason: 'refused' });
    await happens('s4', SessionManuallyDisconnected);
    await happens('s4', SessionAuthFailed, { reason: 'refused' });
    await digested();
    expect(await told(admin, 's4')).toEqual(['auth-failed', 'auth-failed']);
  });

  it('writes a mail that says what happened and what to do, without a phone number', async () => {
    await happens('s5', SessionDisconnected, { reason: 'LOGOUT of 12025550110', cause: 'logged-out' });
    await eventually(() => mailsAbout('s5').length === 2);
    const [received] = mailsAbout('s5');
    if (!received) throw new Error('no mail');
    const { mail, from } = received;
    expect(from).toBe('alerts@example.org');
    expect(mail.subject).toBe('Session "s5" was logged out');
    expect(mail.html).toBeUndefined();
    expect(mail.text).toContain('What to do:');
    expect(mail.text).toContain('https://waypost.example.org');
    expect(mail.text).toContain('12*******10');
    expect(mail.text).not.toContain('12025550110');
    expect(mail.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated');
  });

  it('delivers later what the mail server could not take, and each mail once', async () => {
    await smtp.stop();
    await happens('s6', SessionReconnectExhausted, { attempts: 5, reason: 'no network' });
    await digested();
    await sleep(2500);
    expect(mailsAbout('s6')).toHaveLength(0);
    const unmailed = await app.query(`SELECT FROM notification WHERE session_id = 's6' AND mailed_at IS NULL`);
    expect(unmailed).toHaveLength(2);
    smtp.refusals = 1;
    await smtp.start();
    await eventually(() => mailsAbout('s6').length === 2, 25_000);
    await eventually(
      async () =>
        (await app.query(`SELECT FROM notification WHERE session_id = 's6' AND mailed_at IS NULL`)).length === 0,
    );
    await sleep(1500);
    expect(
      mailsAbout('s6')
        .map(({ to }) => to[0])
        .sort(),
    ).toEqual(['admin@example.org', second.email].sort());
  }, 60_000);

  it('tells of a number that is logged out from its phone', async () => {
    await admin.get('/whatsapp/admin/qr-code');
    expect((await admin.post('/v1/sandbox/default/scan')).status).toBe(200);
    const isReady = async (): Promise<boolean> =>
      (await admin.get<{ data: { ready: boolean } }>('/whatsapp/status')).body.data.ready;
    await eventually(isReady);
    await digested();
    expect(await told(admin, 'default')).toEqual([]);
    expect((await admin.post('/v1/sandbox/default/disconnect', { reason: 'logged-out' })).status).toBe(204);
    await eventually(async () => (await told(admin, 'default')).length === 1);
    expect(await told(admin, 'default')).toEqual(['logged-out']);
    await eventually(() => mailsAbout('default').length === 2);
  });

  describe('GET /v1/notifications', () => {
    it('gives each person their own, in pages, newest first', async () => {
      const all = await admin.get<NotificationPage>('/v1/notifications?limit=200');
      expect(all.body.data.length).toBeGreaterThan(5);
      const ids: string[] = [];
      let cursor: string | null = null;
      do {
        const query: string = cursor === null ? '' : `&cursor=${cursor}`;
        const page = await admin.get<NotificationPage>(`/v1/notifications?limit=3${query}`);
        expect(page.body.data.length).toBeLessThanOrEqual(3);
        ids.push(...page.body.data.map(({ id }) => id));
        cursor = page.body.nextCursor;
      } while (cursor !== null);
      expect(ids).toEqual(all.body.data.map(({ id }) => id));
      expect(ids).toEqual([...ids].sort().reverse());
    });

    it.each(['limit=0', 'limit=201', 'limit=x', 'unread=maybe', 'cursor=nonsense', 'unknown=1'])(
      'refuses ?%s',
      async (query) => {
        const answer = await admin.get<{ code: string; errors: unknown[] }>(`/v1/notifications?${query}`);
        expect(answer.status).toBe(400);
        expect(answer.body.code).toBe('invalid-request');
        expect(answer.body.errors).toHaveLength(query === 'limit=x' ? 3 : 1);
      },
    );

    it('refuses a cursor of another list', async () => {
      const { body } = await admin.get<NotificationPage>('/v1/notifications?limit=1');
      const answer = await admin.get(`/v1/notifications?unread=true&cursor=${body.nextCursor ?? ''}`);
      expect(answer.status).toBe(400);
    });

    it('refuses whoever is not signed in', async () => {
      expect((await app.client.get('/v1/notifications')).status).toBe(401);
    });
  });

  describe('POST /v1/notifications/{id}/read', () => {
    it('marks one as read, keeps the first time, and is written into the trail', async () => {
      const unread = await admin.get<NotificationPage>('/v1/notifications?unread=true&limit=200');
      const id = unread.body.data[0]?.id ?? '';
      const first = await admin.post<NotificationBody>(`/v1/notifications/${id}/read`);
      expect(first.status).toBe(200);
      expect(first.body).toMatchObject({ id, readAt: expect.any(String) as string });
      const again = await admin.post<NotificationBody>(`/v1/notifications/${id}/read`);
      expect(again.body.readAt).toBe(first.body.readAt);
      const left = await admin.get<NotificationPage>('/v1/notifications?unread=true&limit=200');
      expect(left.body.data.map((one) => one.id)).not.toContain(id);
      const audit = await app.query(`SELECT FROM audit_entry WHERE action = 'notifications.read' AND target = $1`, [
        id,
      ]);
      expect(audit).toHaveLength(2);
    });

    it('does not know one of somebody else', async () => {
      const { body } = await second.client.get<NotificationPage>('/v1/notifications?limit=1');
      const id = body.data[0]?.id ?? '';
      for (const other of [admin, operator.client]) {
        const answer = await other.post<{ code: string }>(`/v1/notifications/${id}/read`);
        expect(answer.status).toBe(404);
        expect(answer.body.code).toBe('notification-not-found');
      }
      const after = await second.client.get<NotificationPage>('/v1/notifications?limit=1');
      expect(after.body.data[0]?.readAt).toBeNull();
    });
  });
});
