import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';

import type { PhoneNumber } from '../../src/kernel/phone-number.js';
import { FileTooLargeError } from '../../src/modules/engines/index.js';
import type { OutboundContent, OutboundMedia } from '../../src/modules/engines/index.js';
import { until } from '../support/report-log.js';
import { BOB, describeWithChromium, ME, type OpenSession, WebEngineBench } from '../support/web-engine-bench.js';

const TO = `+${BOB}` as PhoneNumber;
const MIB = 1024 * 1024;

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64');

describeWithChromium('files of a web session', () => {
  let bench: WebEngineBench;
  let session: OpenSession;

  beforeAll(async () => {
    bench = await WebEngineBench.create({ strictImages: true });
    session = await bench.openReady(bench.engine({ ackMs: 8_000, callMs: 5_000 }));
  });
  afterAll(() => bench.cleanUp());

  const send = async (content: OutboundContent): Promise<string> => {
    const { handle } = session;
    const command = { messageId: 'msg_m', attempt: 1, to: TO, content, quoted: null };
    return (await handle.send({ ...command, providerMessageId: handle.newMessageId(TO) })).providerMessageId;
  };

  const fileOf = (bytes: Buffer, about: Partial<OutboundMedia> = {}): OutboundMedia => ({
    ...{ mimeType: 'application/pdf', fileName: 'a.pdf', sizeBytes: bytes.length, sha256: '' },
    open: () => Promise.resolve(Readable.from([bytes.subarray(0, 1), bytes.subarray(1)])),
    ...about,
  });

  const receive = async (media: object): Promise<string> => {
    const at = session.log.messages.length;
    await bench.control.incoming({ phone: ME, from: BOB, media: { mimetype: 'application/pdf', ...media } });
    await until('the message', () => session.log.messages.length > at);
    return session.log.messages[at]?.providerMessageId ?? '';
  };

  it.each([0.5, 6, 20])(
    'P13: takes a file of %d MiB into the page in pieces, and keeps nothing of it there',
    async (mib) => {
      const bytes = randomBytes(mib * MIB + 1);
      const id = await send({ type: 'document', media: fileOf(bytes) });
      const [sent] = (await bench.control.sent()).filter(({ rawId }) => rawId === id);
      expect(sent).toMatchObject({ type: 'document', filename: 'a.pdf', size: bytes.length, sha256: sha256(bytes) });
      await bench.control.evaluate({ phone: ME, js: 'JSON.stringify(window.waypost.files)' });
      const events = await until('the answer', async () => {
        const notes = await bench.control.events({ type: 'note' });
        return notes.filter(({ kind }) => kind === 'eval').at(-1);
      });
      expect(JSON.stringify(events.data)).toContain('{}');
    },
  );

  it('P13: refuses by name what is too large, or turns out to be, and loads nothing of it', async () => {
    let opened = 0;
    const open = (): Promise<Readable> => {
      opened += 1;
      return Promise.resolve(Readable.from([]));
    };
    const large = fileOf(Buffer.alloc(1), { sizeBytes: 64 * MIB + 1, open });
    await expect(send({ type: 'document', media: large })).rejects.toMatchObject({ reasonCode: 'media-too-large' });
    expect(opened).toBe(0);
    const lying = fileOf(Buffer.alloc(1), {
      open: () => Promise.resolve(Readable.from(Array.from({ length: 66 }, () => Buffer.alloc(MIB)))),
    });
    await expect(send({ type: 'document', media: lying })).rejects.toMatchObject({ reasonCode: 'media-too-large' });
    await expect(session.handle.probe()).resolves.toBeUndefined();
  });

  it('tries again when the file cannot be read, and not when WhatsApp cannot', async () => {
    const lost = fileOf(Buffer.alloc(1), { open: () => Promise.reject(new Error('The store is away.')) });
    await expect(send({ type: 'document', media: lost })).rejects.toMatchObject({ reasonCode: 'media-not-readable' });
    const noImage = fileOf(randomBytes(500), { mimeType: 'image/png' });
    await expect(send({ type: 'image', media: noImage })).rejects.toMatchObject({ reasonCode: 'media-unsuitable' });
    await expect(send({ type: 'sticker', media: noImage })).rejects.toMatchObject({ reasonCode: 'media-unsuitable' });
    await bench.control.fail({ op: 'upload', mode: 'error' });
    const pdf = fileOf(randomBytes(500));
    await expect(send({ type: 'document', media: pdf })).rejects.toMatchObject({ reasonCode: 'not-handed-over' });
    expect((await bench.control.sent()).filter(({ size }) => size === 500)).toEqual([]);
    await send({ type: 'document', media: pdf });
  });

  it('fetches what came in, in pieces', async () => {
    const bytes = randomBytes(10 * MIB + 2);
    const id = await receive({ data: bytes.toString('base64'), filename: 'b.pdf' });
    const file = await session.handle.downloadMedia(id, 64 * MIB);
    expect(file).toMatchObject({ mimeType: 'application/pdf', fileName: 'b.pdf' });
    expect(file?.data.equals(bytes)).toBe(true);
  });

  it('fetches nothing of what is larger than asked for, nor what WhatsApp has no more', async () => {
    const large = await receive({ bytes: 5_000 });
    await bench.control.fail({ op: 'download', mode: 'error' });
    await expect(session.handle.downloadMedia(large, 4_999)).rejects.toBeInstanceOf(FileTooLargeError);
    await expect(session.handle.downloadMedia(large, 5_000)).rejects.toThrow('ERROR_UNKNOWN');
    expect((await session.handle.downloadMedia(large, 5_000))?.data).toHaveLength(5_000);
    const gone = await receive({ data: '', missing: true });
    await expect(session.handle.downloadMedia(gone, 5_000)).resolves.toBeNull();
    await expect(session.handle.downloadMedia('false_1@c.us_NEVER', 5_000)).resolves.toBeNull();
  });

  it('P16: a preview that hangs does not hold the message', async () => {
    await bench.control.fail({ op: 'linkPreview', mode: 'hang' });
    const id = await send({ type: 'text', text: 'see https://example.org', linkPreview: true });
    const [sent] = (await bench.control.sent()).filter(({ rawId }) => rawId === id);
    expect(sent).toMatchObject({ body: 'see https://example.org' });
    expect(sent?.title).toBeUndefined();
  });
});
