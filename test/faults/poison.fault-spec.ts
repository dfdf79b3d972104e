import { eventually } from '../support/eventually.js';
import { findViolations } from '../support/invariants.js';
import { Installation } from './crash/installation.js';

const MAX_ATTEMPTS = 3;
const RECIPIENT = '+12025550110';
/** Between the try that is written down and its first byte: nothing arrives, and the process never says why. */
const DEATH = { point: 'K6', left: 1 } as const;
const ON_THE_WAY = "SELECT id FROM message WHERE status IN ('QUEUED', 'SENDING')";
const REST = `
  SELECT m.text, CASE WHEN m.status IN ('DELIVERED', 'READ') THEN 'SENT' ELSE m.status END AS status,
    (SELECT count(*)::int FROM message_attempt AS t WHERE t.message_id = m.id AND t.outcome IS DISTINCT FROM 'NOT_STARTED') AS tries,
    (SELECT count(*)::int FROM sandbox_arrival AS a WHERE a.message_id = m.id) AS arrivals
  FROM message AS m WHERE m.text = ANY($1) ORDER BY m.seq`;

describe('a message that kills whoever sends it', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.open({ env: { OUTBOX_MAX_ATTEMPTS: String(MAX_ATTEMPTS) } });
  });

  afterAll(() => installation.close());

  it.each([
    ['retry', MAX_ATTEMPTS],
    ['hold', 1],
  ] as const)(
    'F25 under %s it is set aside after %d deaths, and what stood behind it is sent',
    async (onUncertain, deaths) => {
      const { server, client } = await installation.serve();
      await client.post('/v1/sessions/default/stop');
      // To one recipient goes one after the other: whenever a process dies of a send, it is of the first of them.
      const poison = { to: RECIPIENT, text: `poison ${onUncertain}`, onUncertain };
      const behind = { to: RECIPIENT, text: `behind ${onUncertain}` };
      for (const body of [poison, behind]) expect((await client.post('/v1/messages', body)).status).toBe(202);
      await server.arm(DEATH);
      await client.post('/v1/sessions/default/start').catch(() => undefined);
      await server.exited;
      await installation.forget();
      for (let death = 2; death <= deaths; death += 1) await installation.serveUntil(DEATH);
      await installation.serve();
      await installation.withDatabase(async (query) => {
        await eventually(async () => (await query(ON_THE_WAY)).length === 0, 20_000);
        expect(await query(REST, [[poison.text, behind.text]])).toEqual([
          { text: poison.text, status: 'UNCERTAIN', tries: deaths, arrivals: 0 },
          { text: behind.text, status: 'SENT', tries: 1, arrivals: 1 },
        ]);
        expect(await findViolations(query)).toEqual([]);
      });
    },
    120_000,
  );
});
