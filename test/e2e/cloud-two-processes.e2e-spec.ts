import { CloudApp, notification, signatureOf, textMessage } from '../support/cloud-app.js';
import { eventually } from '../support/eventually.js';
import { createTestApp, type TestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-postgres.js';

let database: TestDatabase;
let owner: CloudApp;
let other: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = await CloudApp.linked({ database });
  other = await createTestApp({ database, dataDir: owner.app.dataDir });
});
afterAll(async () => {
  await other.close();
  await owner.close();
  await database.drop();
});

const textsOf = async (providerMessageId: string): Promise<readonly string[]> => {
  const query = 'SELECT text FROM message WHERE provider_message_id = $1';
  return (await other.query<{ text: string }>(query, [providerMessageId])).map(({ text }) => text);
};

describe('a number of the Cloud API and two processes', () => {
  it('a webhook that comes to the one that does not drive the number is worked by the one that does', async () => {
    const bytes = notification({ messages: [textMessage('wamid.elsewhere', 'to the other door')] });
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signatureOf(bytes) };
    const answer = await other.client.call('/webhook', { method: 'POST', rawBody: bytes, headers });
    expect(answer.status).toBe(200);
    await eventually(async () => (await textsOf('wamid.elsewhere')).length === 1);
  });

  it('the same told to both at once is one message', async () => {
    const bytes = notification({ messages: [textMessage('wamid.both', 'to both doors')] });
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signatureOf(bytes) };
    const call = { method: 'POST', rawBody: bytes, headers };
    const answers = await Promise.all(
      [owner.app, other, owner.app, other].map(({ client }) => client.call('/webhook', call)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    await eventually(async () => (await textsOf('wamid.both')).length > 0);
    await eventually(async () => (await other.query('SELECT 1 FROM cloud_update WHERE is_pending')).length === 0);
    expect(await textsOf('wamid.both')).toEqual(['to both doors']);
  });
});
