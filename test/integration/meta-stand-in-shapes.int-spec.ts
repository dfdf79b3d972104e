import { signatureOf } from '../../src/meta-stand-in/webhooks/signature.js';
import { errorOf, idOf, MetaBench, PERSON } from '../support/meta-bench.js';
import { hasSamples, samplesOf, strangeIn } from '../support/payload-samples.js';

type Json = Record<string, unknown>;

interface Vector {
  readonly app_secret: string;
  readonly raw_body_base64: string;
  readonly header_value: string;
  readonly expect: string;
}

const INBOUND = [
  ...['text', 'image', 'video', 'audio', 'document', 'sticker', 'location', 'contacts', 'reaction', 'button'],
  ...['interactive', 'order', 'system', 'unsupported', 'edit', 'revoke'],
];
/** The samples show no video, no sticker since media has had an address, and no text that was edited. */
const UNSEEN = /^entry\[\]\.changes\[\]\.value\.messages\[\]\.(?:video\.|sticker\.url|edit\.message\.text\.)/;
/** Of another endpoint, though it lies among the messages. */
const OF_CALLS = ['text-03'];

const bodyOf = (value: unknown): Json => value as Json;

describe('what the stand-in says, beside samples of what Meta says', () => {
  let bench: MetaBench;

  beforeAll(async () => {
    if (!hasSamples()) process.stdout.write('There are no samples at ../shared/payloads: nothing is compared.\n');
    bench = await MetaBench.open();
  });
  beforeEach(async () => {
    await bench.reset();
    await bench.control('PUT', 'behaviour', { throughputPerSecond: 0, pairEveryMs: 0, managementPerHour: 0 });
  });
  afterAll(() => bench.close());

  const send = (request: Json): ReturnType<MetaBench['graph']> =>
    bench.graph('POST', `${bench.numberId}/messages`, request);

  it('takes every request of the samples, but for templates that nobody has made and groups', async () => {
    const refused: string[] = [];
    for (const { name, value } of samplesOf('outbound/requests/*.json')) {
      if (OF_CALLS.includes(name)) continue;
      // Some of them stand for a number by a word.
      const { to } = bodyOf(value);
      const isWord = typeof to === 'string' && /[a-z]/i.test(to);
      const reply = await send(isWord ? { ...bodyOf(value), to: PERSON } : bodyOf(value));
      const code = reply.status === 200 ? 0 : errorOf(reply)['code'];
      const expected =
        bodyOf(value)['type'] === 'template' ? 132001 : bodyOf(value)['recipient_type'] === 'group' ? 131041 : 0;
      if (code !== expected) refused.push(`${name}: ${JSON.stringify(reply.body)}`);
    }
    expect(refused).toEqual([]);
  });

  it('refuses every bad request of the samples, in the envelope of the samples', async () => {
    const taken: string[] = [];
    for (const { name, value } of samplesOf('outbound/bad-requests/*.json')) {
      const to = name === 'to-self' ? '15550100001' : bodyOf(value)['to'];
      const reply = await send(to === undefined ? bodyOf(value) : { ...bodyOf(value), to });
      if (reply.status < 400) taken.push(name);
      else expect(strangeIn(reply.body, samplesOf('errors/1*.json'))).toEqual([]);
    }
    expect(taken).toEqual([]);
  });

  it('answers as the samples, also with the ids of numbers that are not what was dialled', async () => {
    const samples = samplesOf('outbound/responses/*.json');
    for (const { value } of samples.filter(({ name }) => name.includes('wa-id-differs'))) {
      const [contact] = bodyOf(value)['contacts'] as readonly Json[];
      const reply = await bench.send({ type: 'text', text: { body: 'x' } }, String(contact?.['input']));
      expect(reply.body['contacts']).toEqual([contact]);
    }
    const reply = await bench.sendText('x');
    if (hasSamples()) expect(strangeIn(reply.body, samples)).toEqual([]);
  });

  it('tells statuses as the samples', async () => {
    const samples = samplesOf('status/*.json');
    await bench.control('PUT', 'contacts/16505551234', { window: 'open' });
    await bench.sendText('x', { biz_opaque_callback_data: 'y' });
    await bench.control('PUT', 'behaviour', { webhookVersion: 23 });
    await bench.sendText('x');
    await bench.control('PUT', 'contacts/16505551234', { window: 'closed' });
    await bench.sendText('x');
    await bench.settle();
    expect(bench.callback.statuses()).toHaveLength(7);
    if (!hasSamples()) return;
    for (const { body } of bench.callback.notifications) expect(strangeIn(body, samples)).toEqual([]);
  });

  it.each(INBOUND)('delivers a message of type %s as the samples', async (type) => {
    await bench.control('POST', 'inbound', { from: PERSON, type });
    await bench.settle();
    const [notification] = bench.callback.notifications;
    expect(notification).toMatchObject({ isSignedRight: true });
    if (!hasSamples()) return;
    const samples = [...samplesOf('inbound/*.json'), ...samplesOf('placeholder/*.json')];
    expect(strangeIn(notification?.body, samples).filter((place) => !UNSEEN.test(place))).toEqual([]);
  });

  it('tells what becomes of templates as the samples', async () => {
    const [template = {}] = samplesOf('templates/req-components-seasonal-promotion.json').map(({ value }) =>
      bodyOf(value),
    );
    if (!hasSamples()) return;
    const { body } = await bench.graph('POST', `${bench.accountId}/message_templates`, template);
    expect(strangeIn(body, samplesOf('templates/res-*.json'))).toEqual([]);
    await bench.settle();
    for (const change of [
      { event: 'PENDING_DELETION', reason: null },
      { event: 'REJECTED', reason: 'SCAM' },
    ]) {
      await bench.control('PUT', `templates/${String(body['id'])}`, change);
    }
    await bench.control('PUT', `templates/${String(body['id'])}`, { category: 'UTILITY' });
    await bench.settle();
    expect(bench.callback.notifications).toHaveLength(4);
    for (const notification of bench.callback.notifications) {
      expect(strangeIn(notification.body, samplesOf('account/*.json'))).toEqual([]);
    }
    const list = await bench.graph('GET', `${bench.accountId}/message_templates?limit=1`);
    const known = [...samplesOf('templates/ret*.json'), ...samplesOf('templates/template*.json')];
    const strange = strangeIn(list.body, known).filter((place) => !place.includes('.parameter_format'));
    expect(strange.filter((place) => !place.startsWith('data[].components'))).toEqual([]);
  });

  it.each([
    ...['account_update', 'account_alerts', 'business_capability_update', 'phone_number_name_update', 'security'],
    ...['business_username_update', 'smb_message_echoes'],
  ])('tells an example of %s as the samples', async (field) => {
    await bench.control('POST', 'updates', { field });
    await bench.settle();
    const [notification] = bench.callback.notifications;
    expect(bench.callback.changes(field)).toHaveLength(1);
    const all = ['account', 'coexistence', 'placeholder', 'groups-calls-flows'].flatMap((home) =>
      samplesOf(`${home}/*.json`),
    );
    const known = all.filter(({ value }) => JSON.stringify(value).includes(`"${field}"`));
    const strange = known.length === 0 ? [] : strangeIn(notification?.body, known);
    expect(strange.filter((place) => !place.includes('.text.body '))).toEqual([]);
  });

  it('tells who wants no marketing as the samples', async () => {
    await bench.control('PUT', `contacts/${PERSON}`, { marketing_stopped: true, notify: true });
    await bench.settle();
    const [notification] = bench.callback.notifications;
    expect(bench.callback.changes('user_preferences')).toMatchObject([
      { time: undefined, value: { user_preferences: [{ wa_id: PERSON, value: 'stop' }] } },
    ]);
    if (hasSamples()) expect(strangeIn(notification?.body, samplesOf('account/user-preferences-*.json'))).toEqual([]);
  });

  it('describes numbers and media as the samples', async () => {
    const number = await bench.graph('GET', bench.numberId);
    const numbers = await bench.graph('GET', `${bench.accountId}/phone_numbers`);
    await bench.control('POST', 'inbound', { from: PERSON, type: 'image' });
    await bench.settle();
    const [message] = bench.callback.messages();
    const media = await bench.graph('GET', String(bodyOf(message?.['image'])['id']));
    expect([number.status, numbers.status, media.status]).toEqual([200, 200, 200]);
    if (!hasSamples()) return;
    const inList = /^data\[\]\.(?:platform_type|throughput|webhook_configuration)/;
    const known = [...samplesOf('phone/*.json'), ...samplesOf('waba/*.json')];
    expect(strangeIn(number.body, known)).toEqual([]);
    expect(strangeIn(numbers.body, known).filter((place) => !inList.test(place))).toEqual([]);
    expect(strangeIn(media.body, samplesOf('media/*.json'))).toEqual([]);
  });

  it('gives every error of the samples its code, its title and its place', async () => {
    const [statuses = {}] = samplesOf('errors-http-status.json').map(({ value }) => bodyOf(value));
    for (const { name, value } of samplesOf('errors/1?????-*.json')) {
      const error = bodyOf(bodyOf(value)['error']);
      await bench.control('POST', 'faults', { kind: 'error', code: error['code'], details: 'x', times: 1 });
      const reply = await bench.sendText('x');
      expect({ name, code: errorOf(reply)['code'] }).toEqual({ name, code: error['code'] });
      // Where samples of one code disagree, either is right.
      const known = Object.entries(statuses).filter(([file]) => file.startsWith(`errors/${String(error['code'])}-`));
      const wanted = known.flatMap(([, status]) => (status === null ? [] : [Number(status)]));
      if (wanted.length > 0) expect(wanted).toContain(reply.status);
      const { message = '' } = error as { readonly message?: string };
      if (message.startsWith('(#')) expect(errorOf(reply)['message']).toBe(message);
      expect(idOf(await bench.sendText('x'))).toMatch(/^wamid\./);
    }
  });

  it('signs as the vectors of the samples', () => {
    for (const { value } of samplesOf('signature/*.json')) {
      const vector = value as Vector;
      if (vector.expect !== 'accept') continue;
      expect(signatureOf(Buffer.from(vector.raw_body_base64, 'base64'), vector.app_secret)).toBe(vector.header_value);
    }
  });
});
