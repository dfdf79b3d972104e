import { CloudApp, notification, textMessage } from '../support/cloud-app.js';
import { eventually } from '../support/eventually.js';
import { createTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { createTestDatabase, type TestDatabase } from '../support/test-postgres.js';

let database: TestDatabase;
let road: TcpProxy;
let cloud: CloudApp;

beforeAll(async () => {
  database = await createTestDatabase();
  road = await createTcpProxy(database.url);
  cloud = await CloudApp.linked({ database: { ...database, url: road.url } });
});
afterAll(async () => {
  await cloud.close();
  await road.close();
  await database.drop();
});

const isStored = async (id: string): Promise<boolean> =>
  (await cloud.app.query('SELECT 1 FROM message WHERE provider_message_id = $1', [id])).length === 1;

describe('a webhook while the database is away', () => {
  it('M10 is answered 503 and never 200, and is taken when Meta comes again', async () => {
    const id = 'wamid.while-away';
    const bytes = notification({ messages: [textMessage(id, 'is anybody there?')] });
    await road.cut();
    const answers = await Promise.all(Array.from({ length: 5 }, () => cloud.tell(bytes)));
    await road.mend();
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503]);
    await eventually(async () => (await cloud.tell(bytes)).status === 200);
    await eventually(() => isStored(id));
  });
});
