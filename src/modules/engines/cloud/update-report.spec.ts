import type { EngineReports } from '../engine.port.js';
import { reportOf } from './update-report.js';
import { toStored } from './stored-update.js';
import { readUpdates } from './updates.js';

const NUMBER = {
  ...{ sessionId: 's', phoneNumberId: '30', accountId: '20' },
  ...{ accessToken: 'token', appSecret: 'secret', verifyToken: 'verify' },
};

/** As the database gives it back. */
const storedOf = (value: object): { readonly kind: string; readonly body: unknown } => {
  const metadata = { display_phone_number: '12025550199', phone_number_id: '30' };
  const body = { entry: [{ id: '20', changes: [{ field: 'messages', value: { metadata, ...value } }] }] };
  const [update] = readUpdates(body, new Date());
  if (update === undefined) throw new Error('Nothing was told.');
  const stored = toStored(update, [NUMBER]);
  return { kind: stored.kind, body: JSON.parse(stored.body) as unknown };
};

const heardOf = async (value: object): Promise<readonly unknown[]> => {
  const heard: unknown[] = [];
  const hear =
    (name: string) =>
    (told: unknown): Promise<void> => {
      heard.push([name, told]);
      return Promise.resolve();
    };
  const reports = { received: hear('received'), acked: hear('acked'), changed: hear('changed') };
  await reportOf(storedOf(value)).run(reports as unknown as EngineReports);
  return heard;
};

const FROM = { from: '12025550110', id: 'wamid.1', timestamp: '1700000000' };
const AT = new Date(1_700_000_000_000);

describe(reportOf.name, () => {
  it('tells a message with its time', async () => {
    const message = { ...FROM, type: 'text', text: { body: 'hi' } };
    expect(await heardOf({ messages: [message] })).toMatchObject([
      ['received', { from: '+12025550110', text: 'hi', at: AT }],
    ]);
  });

  it('tells a status with the try that it names', async () => {
    const status = { id: 'wamid.2', status: 'delivered', timestamp: '1700000000' };
    expect(await heardOf({ statuses: [{ ...status, biz_opaque_callback_data: 'msg_1:2' }] })).toEqual([
      ['acked', { providerMessageId: 'wamid.2', level: 'DELIVERED', at: AT, sent: { messageId: 'msg_1', attempt: 2 } }],
    ]);
    expect(await heardOf({ statuses: [status] })).toEqual([
      ['acked', { providerMessageId: 'wamid.2', level: 'DELIVERED', at: AT }],
    ]);
    expect(await heardOf({ statuses: [{ ...status, status: 'warning' }] })).toEqual([]);
  });

  it('tells what happens to a message after the messages', async () => {
    const reaction = { ...FROM, type: 'reaction', reaction: { message_id: 'wamid.0', emoji: '👍' } };
    expect(reportOf(storedOf({ messages: [reaction] })).isLater).toBe(true);
    expect(await heardOf({ messages: [reaction] })).toMatchObject([['changed', { kind: 'reacted', at: AT }]]);
  });

  it('M10 keeps what was not read of a message, and what names its file', () => {
    const isKept = (message: object): boolean => reportOf(storedOf({ messages: [{ ...FROM, ...message }] })).isKept;
    expect(isKept({ type: 'text', text: { body: 'hi' } })).toBe(false);
    expect(isKept({ type: 'hologram', hologram: {} })).toBe(true);
    expect(isKept({ type: 'image', image: { id: '1', mime_type: 'image/png' } })).toBe(true);
  });
});
