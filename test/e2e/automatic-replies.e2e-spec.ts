import { setTimeout as sleep } from 'node:timers/promises';

import { SandboxPhones } from '../../src/modules/engines/sandbox/sandbox-phones.js';
import { eventually } from '../support/eventually.js';
import type { HttpClient } from '../support/http-client.js';
import { findViolations, type Query } from '../support/invariants.js';
import { createLinkedApp } from '../support/linked-app.js';
import type { TestApp } from '../support/test-app.js';

const OURS = '+12025550100';
const OTHER = '+12025550199';

let app: TestApp;
let admin: HttpClient;
let query: Query;
let last = 0;

/** A number that has not written yet. */
const somebody = (): string => {
  last += 1;
  return `+551199${String(1_000_000 + last)}`;
};

const receive = async (from: string, text: string, more: object = {}, session = 'default'): Promise<void> => {
  const answer = await admin.post(`/v1/sandbox/${session}/receive`, { from, text, ...more });
  if (answer.status >= 300) throw new Error(answer.text);
};

/** What was sent to somebody, oldest first. */
const sentTo = async (to: string): Promise<readonly string[]> => {
  const rows = await query<{ text: string }>(
    "SELECT text FROM message WHERE direction = 'OUTBOUND' AND recipient = $1 ORDER BY seq",
    [to],
  );
  return rows.map(({ text }) => text);
};

/** Everything that has come in until now has been looked at: the one who is answered last came last. */
const settle = async (text = 'ping', session = 'default'): Promise<void> => {
  const marker = somebody();
  await receive(marker, text, {}, session);
  await eventually(async () => (await sentTo(marker)).length === 1);
};

const set = async (autoReplies: object, session = 'default'): Promise<void> => {
  const answer = await admin.patch(`/v1/sessions/${session}`, { settings: { autoReplies } });
  if (answer.status !== 200) throw new Error(answer.text);
  // A process may have the settings of two seconds ago.
  await sleep(2100);
};

beforeAll(async () => {
  ({ app, admin, query } = await createLinkedApp());
  await admin.post('/v1/sessions', { id: 'other', name: 'Other', engine: 'sandbox' });
  await admin.post('/v1/sessions/other/start');
  await eventually(async () => (await admin.post('/v1/sandbox/other/scan', { phone: OTHER })).status === 200);
  const isReady = async (): Promise<boolean> =>
    (await admin.get<{ status: string }>('/v1/sessions/other/status')).body.status === 'READY';
  await eventually(isReady);
}, 60_000);

afterAll(async () => {
  await eventually(async () => (await findViolations(query)).length === 0, 20_000);
  await app.close();
});

describe('automatic replies (e2e)', () => {
  it('are off until somebody switches them on', async () => {
    const contact = somebody();
    await receive(contact, 'hello');
    await set({ mode: 'echo' });
    await settle();
    expect(await sentTo(contact)).toEqual([]);
  });

  it('echo what is written, once, and never to an echo', async () => {
    const contact = somebody();
    await receive(contact, 'Olá, tudo bem?');
    await eventually(async () => (await sentTo(contact)).length === 1);
    await receive(contact, 'olá,  tudo bem?');
    await receive(contact, 'another');
    await settle();
    expect(await sentTo(contact)).toEqual(['Olá, tudo bem?', 'another']);
    const entries = await query(
      "SELECT 1 FROM audit_entry WHERE action = 'messages.send' AND actor_name = 'Automatic replies' AND outcome = 'success'",
    );
    const replies = await query("SELECT 1 FROM message WHERE direction = 'OUTBOUND' AND actor_kind = 'system'");
    expect(entries).toHaveLength(replies.length);
  });

  it('two sessions whose contacts are each other stay silent', async () => {
    await set({ mode: 'echo' }, 'other');
    await receive(OTHER, 'from one of ours');
    await receive(OURS, 'from the other of ours', {}, 'other');
    await settle();
    await settle('ping', 'other');
    expect([...(await sentTo(OTHER)), ...(await sentTo(OURS))]).toEqual([]);
  });

  it('leave groups, words such as STOP, late and missed messages, and those who want nothing alone', async () => {
    const [inGroup, stopping, starting, optedOut, late] = [1, 2, 3, 4, 5].map(somebody);
    await admin.post('/v1/opt-outs', { phone: optedOut });
    await receive(inGroup ?? '', 'hello all', { group: '120363000000000001@g.us' });
    await receive(stopping ?? '', 'Stop!');
    await receive(starting ?? '', 'START');
    await receive(optedOut ?? '', 'hello');
    const handle = app.app.get(SandboxPhones).find('default') as unknown as {
      reports: { received(message: object): Promise<void> };
    };
    const missed = {
      ...{ from: late, to: OURS, type: 'text', text: 'hello', group: null, content: null, media: null },
      ...{ quotedProviderMessageId: null, isCatchUp: false, at: new Date(Date.now() - 6 * 60_000) },
    };
    await handle.reports.received({ ...missed, providerMessageId: 'late_1' });
    await handle.reports.received({ ...missed, providerMessageId: 'late_2', at: new Date(), isCatchUp: true });
    await settle();
    for (const contact of [inGroup, stopping, starting, optedOut, late]) {
      expect([contact, await sentTo(contact ?? '')]).toEqual([contact, []]);
    }
    expect(await sentTo('120363000000000001@g.us')).toEqual([]);
  });

  it('come to an end with another machine that answers each of them', async () => {
    const machine = somebody();
    for (let turn = 0; turn < 12 && (await sentTo(machine)).length === turn; turn += 1) {
      await receive(machine, `You have said ${String(turn)} things.`);
      await settle();
    }
    expect(await sentTo(machine)).toHaveLength(5);
    await receive(machine, 'Are you still there?');
    await settle();
    expect(await sentTo(machine)).toHaveLength(5);
  });

  it('follow rules, the first that fits', async () => {
    await set({
      mode: 'rules',
      rules: [
        { keywords: ['ping'], match: 'exact', reply: 'pong' },
        { keywords: ['Horário'], match: 'contains', reply: 'From 9 to 5.' },
      ],
    });
    const [asking, chatting] = [somebody(), somebody()];
    await receive(asking, 'Qual é o HORARIO?');
    await receive(chatting, 'ping pong');
    await settle();
    expect([await sentTo(asking), await sentTo(chatting)]).toEqual([['From 9 to 5.'], []]);
    // The sandbox contact answers each message with "YES": no rule asks for that.
    await receive('+12025550150', 'ping');
    await eventually(async () => (await query("SELECT 1 FROM message WHERE text = 'YES'")).length === 1);
    await settle();
    expect(await sentTo('+12025550150')).toEqual(['pong']);
  });

  it('F1 are sent once for each message, also when the work is interrupted behind them', async () => {
    await query('CREATE SEQUENCE tries');
    await query('GRANT USAGE ON SEQUENCE tries TO PUBLIC');
    // The reply is stored, and the cursor that would remember it is not: twice.
    await query(`CREATE FUNCTION interrupt() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF nextval('tries') <= 2 THEN RAISE 'interrupted'; END IF; RETURN NEW; END $$`);
    await query(`CREATE TRIGGER interrupt BEFORE UPDATE OF tx ON event_consumer FOR EACH ROW
      WHEN (NEW.name = 'automatic-replies' AND NEW.tx IS DISTINCT FROM OLD.tx) EXECUTE FUNCTION interrupt()`);
    const contact = somebody();
    try {
      await receive(contact, 'ping');
      await settle();
      const [{ tries } = { tries: '0' }] = await query<{ tries: string }>('SELECT last_value AS tries FROM tries');
      expect(Number(tries)).toBeGreaterThan(2);
      expect(await sentTo(contact)).toEqual(['pong']);
    } finally {
      await query('DROP FUNCTION interrupt CASCADE');
    }
  }, 30_000);
});
