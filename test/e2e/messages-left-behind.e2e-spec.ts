import { eventually } from '../support/eventually.js';
import type { HttpClient } from '../support/http-client.js';
import { createLinkedApp, type LinkedApp, untilStatus } from '../support/linked-app.js';

interface Message {
  readonly id: string;
  readonly status: string;
}

interface Rest {
  readonly status: string;
  readonly attempts: number;
  readonly arrivals: number;
}

const POLICIES = ['hold', 'retry', 'drop'] as const;
/** Back to the moment at which the answer of the provider was on its way. */
const FORGET_THE_ANSWER = [
  `UPDATE message SET status = 'SENDING', claim_fence = 0, sent_at = NULL, delivered_at = NULL, read_at = NULL
     WHERE id = ANY($1)`,
  'UPDATE message_attempt SET fence = 0, finished_at = NULL, outcome = NULL WHERE message_id = ANY($1)',
  "DELETE FROM message_timeline WHERE message_id = ANY($1) AND status <> 'QUEUED'",
  "DELETE FROM event WHERE payload->>'messageId' = ANY($1) AND name <> 'whatsapp.message_queued'",
] as const;
const REST = `
  SELECT m.status, m.attempts, (SELECT count(*)::int FROM sandbox_arrival AS a WHERE a.message_id = m.id) AS arrivals
  FROM message AS m WHERE m.id = ANY($1)`;

describe('a message whose answer died with its process', () => {
  let linked: LinkedApp;
  let admin: HttpClient;

  beforeAll(async () => {
    linked = await createLinkedApp();
    ({ admin } = linked);
  });

  afterAll(() => linked.app.close());

  const statusOf = async (id: string): Promise<string> => (await admin.get<Message>(`/v1/messages/${id}`)).body.status;

  it('F1 is asked for before its sender’s wish for the uncertain is done: what has arrived is not sent once more', async () => {
    const sent = await Promise.all(
      POLICIES.map((onUncertain) =>
        admin.post<Message>('/v1/messages', { to: '+12025550110', text: onUncertain, onUncertain }),
      ),
    );
    const ids = sent.map(({ body }) => body.id);
    await eventually(async () => (await Promise.all(ids.map(statusOf))).every((status) => status === 'READ'));
    await admin.post('/v1/sessions/default/stop');
    await untilStatus(admin, 'DISCONNECTED');
    for (const statement of FORGET_THE_ANSWER) await linked.query(statement, [ids]);
    await admin.post('/v1/sessions/default/start');
    await untilStatus(admin, 'READY');
    await eventually(async () => !(await Promise.all(ids.map(statusOf))).includes('SENDING'));
    expect(await linked.query<Rest>(REST, [ids])).toEqual(
      POLICIES.map(() => ({ status: 'READ', attempts: 1, arrivals: 1 })),
    );
  });
});
