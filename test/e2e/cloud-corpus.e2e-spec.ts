import { readUpdates } from '../../src/modules/engines/cloud/updates.js';
import { CloudApp, CREDENTIALS, NUMBER } from '../support/cloud-app.js';
import { eventually } from '../support/eventually.js';
import { describeWithPayloads, samplesOf } from '../support/meta-payloads.js';

const FOLDERS = ['inbound', 'status', 'account', 'coexistence', 'groups-calls-flows', 'placeholder', 'negative'];

/** As it would be told of our number and our account. */
const ofOurs = (json: unknown): string =>
  JSON.stringify(json)
    .replaceAll(/"phone_number_id":"[^"]*"/g, `"phone_number_id":"${NUMBER.id}"`)
    .replaceAll(/"id":"[0-9]+","(changes|time)"/g, `"id":"${CREDENTIALS.accountId}","$1"`);

/** The messages that these bodies tell, by Meta's ids. */
const messagesIn = (bodies: readonly string[]): ReadonlySet<string> => {
  const updates = bodies.flatMap((body) => readUpdates(Buffer.from(body), new Date()));
  const ids = updates.flatMap((update) =>
    update.kind === 'message' && update.origin.phoneNumberId === NUMBER.id
      ? update.inbound.message.providerMessageId
      : [],
  );
  return new Set(ids);
};

describeWithPayloads('the samples of what Meta sends', () => {
  let cloud: CloudApp;

  beforeAll(async () => {
    cloud = await CloudApp.linked();
  });
  afterAll(() => cloud.close());

  it('M5 M10 M12 all are answered 200, twice, and every message is there once', async () => {
    const samples = FOLDERS.flatMap(samplesOf);
    const bodies = samples.map(({ json }) => ofOurs(json));
    const refused: string[] = [];
    for (const [index, { name }] of samples.entries()) {
      const answers = [await cloud.tell(bodies[index] ?? ''), await cloud.tell(bodies[index] ?? '')];
      for (const { status, text } of answers) if (status !== 200) refused.push(`${name}: ${String(status)} ${text}`);
    }
    expect(refused).toEqual([]);
    const left = 'SELECT kind, failures FROM cloud_update WHERE is_pending OR failures > 0';
    await eventually(async () => (await cloud.app.query(left)).length === 0);
    const expected = messagesIn(bodies);
    expect(expected.size).toBeGreaterThan(50);
    const stored = await cloud.app.query<{ id: string }>(
      "SELECT provider_message_id AS id FROM message WHERE direction = 'INBOUND' ORDER BY 1",
    );
    expect(stored.map(({ id }) => id)).toEqual([...expected].sort());
  });
});
