import { CloudApp, CREDENTIALS, NUMBER, PERSON, SESSION } from '../support/cloud-app.js';
import { eventually, eventuallyPasses } from '../support/eventually.js';

interface Sent {
  readonly id: string;
  readonly type: string;
  readonly opaque: string;
  readonly request: Record<string, unknown>;
}

let cloud: CloudApp;

beforeAll(async () => {
  cloud = await CloudApp.linked();
});
beforeEach(async () => {
  await cloud.control('DELETE', 'faults');
  await cloud.openWindow();
});
afterAll(() => cloud.close());

const sentOf = async (id: string): Promise<readonly Sent[]> => {
  const { data } = await cloud.control<{ data: readonly Sent[] }>('GET', 'sent');
  return data.filter(({ opaque }) => opaque.startsWith(`${id}:`));
};

const providerIdOf = async (id: string): Promise<string | null> => {
  const query = 'SELECT provider_message_id AS id FROM message WHERE id = $1';
  return (await cloud.app.query<{ id: string | null }>(query, [id]))[0]?.id ?? null;
};

describe('a session of the Cloud API', () => {
  it('is READY when the number has answered, and shows it', async () => {
    const session = await cloud.statusOf();
    expect(session).toMatchObject({ status: 'READY', phone: '+12025550199' });
  });

  it('shows which number it has, and no secret', async () => {
    const answer = await cloud.admin.get(`/v1/sessions/${SESSION}/cloud`);
    expect(answer.body).toMatchObject({ phoneNumberId: NUMBER.id, hasAccessToken: true, hasAppSecret: true });
    for (const secret of [CREDENTIALS.accessToken, CREDENTIALS.appSecret, CREDENTIALS.verifyToken]) {
      expect(answer.text).not.toContain(secret);
    }
  });
});

describe('sending by the Cloud API', () => {
  it('sends a text, and hears that it was read', async () => {
    const id = await cloud.send({ text: 'hello' });
    await cloud.untilMessage(id, 'READ');
    expect(await sentOf(id)).toMatchObject([
      { type: 'text', opaque: `${id}:1`, request: { to: PERSON, text: { body: 'hello' } } },
    ]);
    expect(await providerIdOf(id)).toBe((await sentOf(id))[0]?.id);
  });

  it('sends a location, a reply and a reaction', async () => {
    const { ids } = await cloud.control<{ ids: readonly string[] }>('POST', 'inbound', {
      from: PERSON,
      text: { body: 'where?' },
    });
    const inbound = async (): Promise<string | undefined> =>
      (await cloud.app.query<{ id: string }>('SELECT id FROM message WHERE provider_message_id = $1', [ids[0]]))[0]?.id;
    await eventually(async () => (await inbound()) !== undefined);
    const replyTo = await inbound();
    const reply = await cloud.send({
      type: 'location',
      location: { latitude: 52.5, longitude: 13.4, name: 'Here' },
      replyTo,
    });
    const reaction = await cloud.send({ type: 'reaction', reaction: { messageId: replyTo, emoji: '👍' } });
    await cloud.untilMessage(reply, 'READ');
    await cloud.untilMessage(reaction, 'SENT', 'DELIVERED', 'READ');
    expect((await sentOf(reply))[0]?.request).toMatchObject({ context: { message_id: ids[0] }, type: 'location' });
    expect((await sentOf(reaction))[0]?.request).toMatchObject({ reaction: { message_id: ids[0], emoji: '👍' } });
  });

  it('fails a message with the reason that Meta tells afterwards', async () => {
    await cloud.control('PUT', 'contacts/12025550111', { registered: false, window: 'open' });
    const id = await cloud.send({ to: '+12025550111', text: 'anybody?' });
    await cloud.untilMessage(id, 'FAILED');
    expect((await cloud.detail(id)).error?.code).toEqual(expect.any(String));
  });

  it('tries again what Meta could not do, and sends it once', async () => {
    await cloud.control('POST', 'faults', { operation: 'messages', kind: 'error', code: 131056, times: 1 });
    const id = await cloud.send({ text: 'paced' });
    await cloud.untilMessage(id, 'READ');
    expect(await cloud.arrivals(id)).toBe(1);
    expect((await sentOf(id))[0]?.opaque).toBe(`${id}:2`);
  });

  it.each(['cut-after', 'truncate'])(
    'M8 a call whose answer is lost (%s) is settled by the status that carries our id, and never sent twice',
    async (kind) => {
      await cloud.control('POST', 'faults', { operation: 'messages', kind, times: 1 });
      const id = await cloud.send({ text: 'once' });
      await cloud.untilMessage(id, 'DELIVERED', 'READ');
      await cloud.untilMessage(id, 'READ');
      expect(await cloud.arrivals(id)).toBe(1);
      expect(await providerIdOf(id)).toBe((await sentOf(id))[0]?.id);
    },
  );

  it('M8 what is UNCERTAIN stays so while no status comes, and is READ when one does', async () => {
    await cloud.control('PUT', 'behaviour', { webhook: { isPaused: true } });
    await cloud.control('POST', 'faults', { operation: 'messages', kind: 'cut-after', times: 1 });
    const id = await cloud.send({ text: 'perhaps' });
    await cloud.untilMessage(id, 'UNCERTAIN');
    await cloud.control('PUT', 'behaviour', { webhook: { isPaused: false } });
    await cloud.untilMessage(id, 'READ');
    expect(await cloud.arrivals(id)).toBe(1);
    const statuses = (await cloud.detail(id)).timeline.map(({ status }) => status);
    expect(statuses).toContain('UNCERTAIN');
  });

  it('sends again what was cut before Meta could take it only when the sender wishes', async () => {
    await cloud.control('POST', 'faults', { operation: 'messages', kind: 'cut-before', times: 1 });
    const id = await cloud.send({ text: 'never arrived' });
    await cloud.untilMessage(id, 'UNCERTAIN');
    expect(await cloud.arrivals(id)).toBe(0);
    expect((await cloud.admin.post(`/v1/messages/${id}/retry`)).status).toBeLessThan(300);
    await cloud.untilMessage(id, 'READ');
    expect(await cloud.arrivals(id)).toBe(1);
  });

  it('M9 a status that comes before the answer of the send makes no second row, and no second step', async () => {
    await cloud.control('PUT', 'behaviour', { answerDelayMs: 400 });
    const id = await cloud.send({ text: 'slow answer' });
    await cloud.untilMessage(id, 'READ');
    await cloud.control('PUT', 'behaviour', { answerDelayMs: 0 });
    await eventuallyPasses(async () => {
      expect((await cloud.detail(id)).status).toBe('READ');
      expect(await providerIdOf(id)).toBe((await sentOf(id))[0]?.id);
    });
    const rows = await cloud.app.query('SELECT 1 FROM message WHERE provider_message_id = $1', [
      await providerIdOf(id),
    ]);
    expect(rows).toHaveLength(1);
    expect(await cloud.arrivals(id)).toBe(1);
  });

  it('a token that is not good any more parks the session; with a good one it goes on', async () => {
    await cloud.control('PUT', `tokens/${CREDENTIALS.accessToken}`, { invalid_subcode: 463 });
    const id = await cloud.send({ text: 'waits' });
    await cloud.untilStatus('AUTH_FAILURE');
    expect((await cloud.detail(id)).status).toBe('QUEUED');
    await cloud.control('PUT', `tokens/${CREDENTIALS.accessToken}`, { invalid_subcode: null });
    await cloud.start();
    await cloud.untilMessage(id, 'READ');
    expect(await cloud.arrivals(id)).toBe(1);
  });
});
