import type { CloudNumber } from './cloud-number.js';
import { messageKey, toStored } from './stored-update.js';
import { readUpdates } from './updates.js';

const numberOf = (phoneNumberId: string, accountId = '20'): CloudNumber => ({
  ...{ sessionId: `s-${phoneNumberId}`, phoneNumberId, accountId },
  ...{ accessToken: 'token', appSecret: 'secret', verifyToken: 'verify' },
});
const OURS = [numberOf('30'), numberOf('31')];

const told = (value: object, field = 'messages'): ReturnType<typeof toStored> => {
  const metadata = { display_phone_number: '12025550199', phone_number_id: '30' };
  const body = { entry: [{ id: '20', changes: [{ field, value: { metadata, ...value } }] }] };
  const [update] = readUpdates(body, new Date());
  if (update === undefined) throw new Error('Nothing was told.');
  return toStored(update, OURS);
};

const text = (body: string, more: object = {}): object => ({
  messages: [{ from: '12025550110', id: 'wamid.1', timestamp: '1700000000', type: 'text', text: { body }, ...more }],
});

describe(toStored.name, () => {
  it('waits for the number that it is about, under the key of its message', () => {
    expect(told(text('hi'))).toMatchObject({
      ...{ phoneNumberId: '30', accountId: '20', kind: 'message', isPending: true },
      key: messageKey('30', 'wamid.1'),
    });
  });

  it('M3 reaches nobody when another app has signed it, under a key that stands in nobody’s way', () => {
    const foreign = told({ ...text('hi'), metadata: { phone_number_id: '99' } });
    expect(foreign).toMatchObject({ phoneNumberId: null, isPending: false });
    expect(foreign.key).not.toBe(messageKey('99', 'wamid.1'));
  });

  it('keeps what no session reports, and waits for nobody with it', () => {
    const value = { event: 'VERIFIED_ACCOUNT', metadata: undefined };
    expect(told(value, 'account_update')).toMatchObject({ kind: 'account', accountId: '20', isPending: false });
  });

  it.each([
    ['U+0000', 'a\0b\0\0c', 'a\uFFFDb\uFFFD\uFFFDc'],
    ['half of a surrogate pair', 'a\uD800b\uDC00', 'a\uFFFDb\uFFFD'],
    ['a backslash before it', '\\\0 \\\\\0', '\\\uFFFD \\\\\uFFFD'],
    ['what only looks like it', '\\u0000 \\\\u0000 😀', '\\u0000 \\\\u0000 😀'],
  ])('M10 makes %s storable and leaves the rest as it is', (_name, given, kept) => {
    const { body } = told(text(given));
    expect(body).not.toMatch(/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/);
    expect(JSON.parse(body)).toMatchObject({ inbound: { message: { text: kept } } });
  });
});
