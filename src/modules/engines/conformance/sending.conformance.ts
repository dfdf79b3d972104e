import { SendRefusedError } from '../engine.errors.js';
import { type Stage, until } from './stage.conformance.js';

/** What holds for every message that is sent, whatever its kind. */
export const describeSending = (stage: () => Stage): void => {
  it('sends a text under the id that it gave before, and reports how far it got', async () => {
    const { known } = stage();
    const { handle, reports } = await stage().openReady();
    const given = handle.newMessageId(known);
    const command = stage().command({ type: 'text', text: 'Olá, 🌍' });
    const sent = await handle.send({ ...command, providerMessageId: given });
    const id = given ?? sent.providerMessageId;
    expect(sent).toEqual({ providerMessageId: id });
    expect(await stage().harness.arrivals('one')).toMatchObject([
      { to: known, type: 'text', text: 'Olá, 🌍', providerMessageId: id },
    ]);
    await until('DELIVERED', () => reports.acks.some((ack) => ack.level === 'DELIVERED'));
    expect(new Set(reports.acks.map((ack) => ack.providerMessageId))).toEqual(new Set([id]));
  });

  it('keeps the order of what is sent one after the other', async () => {
    const { handle } = await stage().openReady();
    const texts = Array.from({ length: 5 }, (_, index) => `text ${String(index)}`);
    for (const text of texts) await stage().send(handle, text);
    expect((await stage().harness.arrivals('one')).map((arrival) => arrival.text)).toEqual(texts);
  });

  it('refuses for good what goes to a number that is not on WhatsApp', async () => {
    const { harness } = stage();
    const { handle, reports } = await stage().openReady();
    const sending = stage().send(handle, 'to nobody', harness.recipients.notOnWhatsApp);
    if (harness.lacks.has('early-refusals')) {
      const { providerMessageId } = await sending;
      await until('FAILED', () => reports.acks.some(({ level }) => level === 'FAILED'));
      expect(reports.acks.at(-1)).toMatchObject({ providerMessageId, error: { code: expect.any(String) } });
      return;
    }
    await expect(sending).rejects.toBeInstanceOf(SendRefusedError);
    await expect(sending).rejects.toMatchObject({ reasonCode: 'not-on-whatsapp' });
    expect(await harness.arrivals('one')).toEqual([]);
  });

  it('reports that a message was played, and that one failed after all', async () => {
    const { handle, reports } = await stage().openReady();
    const played = await stage().send(handle, 'to be played');
    const failed = await stage().send(handle, 'to fail');
    const has = (id: string, level: string): boolean =>
      reports.acks.some((ack) => ack.providerMessageId === id && ack.level === level);
    for (const { providerMessageId: id } of [played, failed]) await until('DELIVERED', () => has(id, 'DELIVERED'));
    await stage().harness.acknowledge('one', played.providerMessageId, 'PLAYED');
    await stage().harness.acknowledge('one', failed.providerMessageId, 'FAILED');
    await until('PLAYED', () => has(played.providerMessageId, 'PLAYED'));
    await until('FAILED', () => has(failed.providerMessageId, 'FAILED'));
  });
};
