import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { EventEmitter2 } from '@nestjs/event-emitter';

import { MessageSent } from '../../src/modules/messages/index.js';
import { SessionReady } from '../../src/modules/sessions/index.js';
import { eventually, eventuallyPasses } from '../support/eventually.js';
import type { HttpClient } from '../support/http-client.js';
import { findViolations, type Query } from '../support/invariants.js';
import { connectionStatus, createLinkedApp, link, untilStatus } from '../support/linked-app.js';
import type { TestApp } from '../support/test-app.js';

const RECONNECT_ATTEMPTS = 3;

let app: TestApp;
let admin: HttpClient;
let query: Query;

beforeEach(async () => {
  const env = { SESSION_RECONNECT_ATTEMPTS: String(RECONNECT_ATTEMPTS), SESSION_RECONNECT_BASE_MS: '10' };
  ({ app, admin, query } = await createLinkedApp({ env }));
});

afterEach(() => app.close());

const disconnect = (reason: string): Promise<unknown> => admin.post('/v1/sandbox/default/disconnect', { reason });

const eventsOf = async (): Promise<readonly string[]> =>
  (await query<{ name: string }>('SELECT name FROM event WHERE session_id = $1 ORDER BY seq', ['default'])).map(
    ({ name }) => name,
  );

const countOf = async (name: string): Promise<number> => (await eventsOf()).filter((one) => one === name).length;

interface State {
  readonly status: string;
  readonly reconnectAttempts: number;
  readonly message: string;
}

const state = async (): Promise<State> => (await admin.get<{ data: State }>('/whatsapp/connection-status')).body.data;

describe('a session that is lost', () => {
  it('comes back by itself, without a QR, and is told', async () => {
    await disconnect('connection');
    await eventually(async () => (await countOf('whatsapp.ready')) === 2);
    const events = await eventsOf();
    const lost = events.indexOf('whatsapp.disconnected');
    expect(lost).toBeGreaterThan(0);
    const told = events.slice(lost).filter((name) => name !== 'whatsapp.gap_recovered');
    expect(told).toEqual([
      ...['whatsapp.disconnected', 'whatsapp.reconnecting', 'whatsapp.authenticated', 'whatsapp.ready'],
    ]);
    expect((await state()).reconnectAttempts).toBe(0);
  });

  it('F19 logged out by the phone: parked, told once, never started again by itself', async () => {
    await disconnect('logged-out');
    await untilStatus(admin, 'DISCONNECTED');
    await sleep(400);
    expect(await connectionStatus(admin)).toBe('DISCONNECTED');
    expect(await countOf('whatsapp.disconnected')).toBe(1);
    expect(await countOf('whatsapp.reconnecting')).toBe(0);
    expect(await query('SELECT is_wanted FROM session')).toEqual([{ is_wanted: false }]);
    await link(admin);
  });

  it('F19 refused by the provider: AUTH_FAILURE, told once, never started again by itself', async () => {
    await disconnect('auth-failure');
    await untilStatus(admin, 'AUTH_FAILURE');
    await sleep(400);
    expect(await connectionStatus(admin)).toBe('AUTH_FAILURE');
    expect(await countOf('whatsapp.auth_failure')).toBe(1);
    expect(await countOf('whatsapp.reconnecting')).toBe(0);
  });

  it('F19 that cannot come back is tried as often as the setting says, then given up, told once', async () => {
    // Whoever opens it finds a phone that is no number: every opening fails.
    await query("UPDATE sandbox_link SET phone = 'nonsense'");
    await disconnect('connection');
    await eventually(async () => (await countOf('whatsapp.reconnect_exhausted')) > 0);
    await sleep(500);
    expect(await countOf('whatsapp.reconnect_exhausted')).toBe(1);
    expect(await countOf('whatsapp.reconnecting')).toBe(RECONNECT_ATTEMPTS);
    expect(await countOf('whatsapp.disconnected')).toBe(1);
    expect(await state()).toMatchObject({ status: 'DISCONNECTED', reconnectAttempts: RECONNECT_ATTEMPTS });
    await query("UPDATE sandbox_link SET phone = '+12025550100'");
    expect((await admin.post('/whatsapp/reconnect')).status).toBe(200);
    await untilStatus(admin, 'READY');
    expect((await state()).reconnectAttempts).toBe(0);
  });

  it('is disconnected by a person: stays closed, also over a restart, and needs no QR when it is opened again', async () => {
    expect((await admin.post('/whatsapp/disconnect')).status).toBe(200);
    expect(await connectionStatus(admin)).toBe('DISCONNECTED');
    expect(await query('SELECT is_wanted FROM session')).toEqual([{ is_wanted: false }]);
    const refused = await admin.post('/whatsapp/send', { phone: '+12025550110', message: 'now' });
    expect(refused).toMatchObject({ status: 503, body: { code: 'session-not-ready' } });
    expect(await query('SELECT 1 FROM message')).toEqual([]);
    expect((await admin.post('/whatsapp/reconnect')).status).toBe(200);
    await untilStatus(admin, 'READY');
    expect(await countOf('whatsapp.qr')).toBe(1);
  });
});

describe('the number of a session', () => {
  const relink = async (phone: string): Promise<void> => {
    await disconnect('logged-out');
    await untilStatus(admin, 'DISCONNECTED');
    await admin.get('/whatsapp/admin/qr-code');
    await admin.post('/v1/sandbox/default/scan', { phone });
  };

  it('another one is refused and unlinked, and the session says why', async () => {
    await relink('+5511987654399');
    await untilStatus(admin, 'AUTH_FAILURE');
    expect((await state()).message).toMatch(/Confirm the change of number/);
    await eventuallyPasses(async () => {
      expect(await query('SELECT phone FROM sandbox_link')).toEqual([]);
    });
    expect(await query('SELECT phone FROM session')).toEqual([{ phone: '+12025550100' }]);
    expect(await countOf('whatsapp.ready')).toBe(1);
  });

  it('another one is taken when somebody has confirmed it, and only that time', async () => {
    await disconnect('logged-out');
    await untilStatus(admin, 'DISCONNECTED');
    expect((await admin.post('/whatsapp/reconnect', { confirmNumberChange: true })).status).toBe(200);
    await untilStatus(admin, 'QR_READY');
    await admin.post('/v1/sandbox/default/scan', { phone: '+5511987654399' });
    await untilStatus(admin, 'READY');
    expect(await query('SELECT phone FROM session')).toEqual([{ phone: '+5511987654399' }]);
    expect(await countOf('whatsapp.number_changed')).toBe(1);
    await relink('+5511987654388');
    await untilStatus(admin, 'AUTH_FAILURE');
  });

  it('the same one is taken again without a word', async () => {
    await relink('+12025550100');
    await untilStatus(admin, 'READY');
    expect(await countOf('whatsapp.number_changed')).toBe(0);
  });
});

describe('starts and stops', () => {
  it('F14 50 cycles leave no timer, socket or file behind', async () => {
    const cycle = async (): Promise<void> => {
      await admin.post('/whatsapp/disconnect');
      await admin.post('/whatsapp/reconnect');
      await untilStatus(admin, 'READY');
    };
    const openFiles = (): number => readdirSync('/proc/self/fd').length;
    const timers = (): number => process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length;
    for (let i = 0; i < 5; i += 1) await cycle();
    const before = { files: openFiles(), timers: timers() };
    for (let i = 0; i < 50; i += 1) await cycle();
    expect(openFiles()).toBeLessThanOrEqual(before.files + 5);
    expect(timers()).toBeLessThanOrEqual(before.timers + 5);
    expect(await findViolations(query)).toEqual([]);
  }, 120_000);

  it('come together as they like, and what was asked last is what is', async () => {
    const paths = ['/whatsapp/disconnect', '/whatsapp/reconnect', '/whatsapp/reconnect', '/whatsapp/disconnect'];
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(paths.map((path) => admin.post(path)));
      expect((await admin.post('/whatsapp/reconnect')).status).toBe(200);
      await untilStatus(admin, 'READY');
      expect((await admin.post('/whatsapp/send', { phone: '+12025550110', message: 'still' })).status).toBe(200);
    }
    expect(await findViolations(query, { isSettled: false })).toEqual([]);
  });

  const LISTENERS: readonly (readonly [string, () => unknown])[] = [
    [
      'throws',
      (): void => {
        throw new Error('a listener of another module');
      },
    ],
    ['rejects', (): Promise<never> => Promise.reject(new Error('a listener of another module'))],
    ['never answers', (): Promise<never> => new Promise(() => undefined)],
  ];
  it.each(LISTENERS)(
    'F11 a listener that %s keeps nobody from sending, and nothing from being stored',
    async (_how, listen) => {
      const emitter = app.app.get(EventEmitter2);
      emitter.on(MessageSent.name, listen);
      emitter.on(SessionReady.name, listen);
      await admin.post('/whatsapp/reconnect');
      await untilStatus(admin, 'READY');
      expect((await admin.post('/whatsapp/send', { phone: '+12025550110', message: 'on' })).status).toBe(200);
      expect(await findViolations(query, { isSettled: false })).toEqual([]);
    },
  );
});
