import { createHash } from 'node:crypto';

import { CloudApp, NUMBER, PERSON } from '../support/cloud-app.js';
import { eventually } from '../support/eventually.js';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const PDF = Buffer.from('%PDF-1.7 test').toString('base64');

interface Sent {
  readonly opaque: string;
  readonly request: Record<string, Record<string, string>>;
}

let cloud: CloudApp;

beforeAll(async () => {
  cloud = await CloudApp.linked();
  await cloud.openWindow();
});
beforeEach(() => cloud.control('DELETE', 'faults'));
afterAll(() => cloud.close());

const requestOf = async (id: string): Promise<Sent['request'] | undefined> => {
  const { data } = await cloud.control<{ data: readonly Sent[] }>('GET', 'sent');
  return data.find(({ opaque }) => opaque.startsWith(`${id}:`))?.request;
};

const uploads = async (): Promise<number> => {
  const { data } = await cloud.control<{ data: readonly { status: number }[] }>('GET', 'calls?operation=media');
  return data.filter(({ status }) => status === 200).length;
};

describe('files by the Cloud API', () => {
  it('uploads a file once for all messages that have it', async () => {
    const before = await uploads();
    const first = await cloud.send({ image: { data: PNG, caption: 'One pixel' } });
    const second = await cloud.send({ to: '+12025550111', image: { data: PNG } });
    await cloud.untilMessage(first, 'READ');
    await eventually(async () => (await requestOf(second)) !== undefined);
    expect(await uploads()).toBe(before + 1);
    const [one, two] = [await requestOf(first), await requestOf(second)];
    expect(one).toMatchObject({ type: 'image', image: { caption: 'One pixel' } });
    expect(one?.['image']?.['id']).toBe(two?.['image']?.['id']);
  });

  it('sends a document by its name, and contacts', async () => {
    const document = await cloud.send({ document: { data: PDF, fileName: 'a.pdf' } });
    const contacts = await cloud.send({ contacts: [{ name: 'Ben', phones: ['+12025550101'] }] });
    await cloud.untilMessage(document, 'READ');
    await cloud.untilMessage(contacts, 'READ');
    expect(await requestOf(document)).toMatchObject({ document: { filename: 'a.pdf' } });
    expect(await requestOf(contacts)).toMatchObject({ contacts: [{ name: { formatted_name: 'Ben' } }] });
  });

  it.each(['cut-after', 'cut-before'])('an upload without an answer (%s) is no message without one', async (kind) => {
    await cloud.control('POST', 'faults', { operation: 'media', kind, times: 1 });
    const data = Buffer.from(`%PDF-1.7 ${kind}`).toString('base64');
    const id = await cloud.send({ document: { data, fileName: 'b.pdf' } });
    await cloud.untilMessage(id, 'READ');
    expect(await cloud.arrivals(id)).toBe(1);
    expect((await cloud.detail(id)).timeline.map(({ status }) => status)).not.toContain('UNCERTAIN');
  });

  it('fetches the file of a message, which has the bytes that were sent', async () => {
    const { ids } = await cloud.control<{ ids: readonly string[] }>('POST', 'inbound', {
      ...{ from: PERSON, type: 'image', phone_number_id: NUMBER.id },
      image: { data: PNG, mime_type: 'image/png' },
    });
    const query = `SELECT m.media_status AS status, f.sha256 FROM message AS m LEFT JOIN media AS f ON f.id = m.media_id
      WHERE m.provider_message_id = $1`;
    const stored = async (): Promise<{ status: string; sha256: string } | undefined> =>
      (await cloud.app.query<{ status: string; sha256: string }>(query, [ids[0]]))[0];
    await eventually(async () => (await stored())?.status === 'STORED');
    expect((await stored())?.sha256).toBe(createHash('sha256').update(Buffer.from(PNG, 'base64')).digest('hex'));
  });
});
