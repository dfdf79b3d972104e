import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';

import { uploadForm } from './multipart-form.js';

const BYTES = Buffer.from([0, 1, 2, 13, 10, 255]);

const formOf = (mimeType: string): ReturnType<typeof uploadForm> =>
  uploadForm({
    ...{ mimeType, fileName: 'a"\r\nb.png', sizeBytes: BYTES.length, sha256: 'x' },
    open: () => Promise.resolve(Readable.from([BYTES.subarray(0, 2), BYTES.subarray(2)])),
  });

describe(uploadForm.name, () => {
  it('is a form that others can read, as long as it says', async () => {
    const { contentType, length, body } = formOf('audio/ogg; codecs=opus');
    const written = await buffer(body);
    expect(written).toHaveLength(length);
    const form = await new Response(written, { headers: { 'content-type': contentType } }).formData();
    expect(form.get('messaging_product')).toBe('whatsapp');
    const file = form.get('file') as File;
    expect(file.type).toBe('audio/ogg; codecs=opus');
    expect(Buffer.from(await file.arrayBuffer())).toEqual(BYTES);
  });

  it('lets nothing of a type end its header', async () => {
    const text = (await buffer(formOf('image/png\r\nX-Evil: 1').body)).toString('latin1');
    expect(text).not.toContain('\r\nX-Evil');
  });

  it('fails when the file cannot be read', async () => {
    const open = (): Promise<Readable> => Promise.reject(new Error('The store is away.'));
    const { body } = uploadForm({ mimeType: 'image/png', fileName: null, sizeBytes: 1, sha256: 'x', open });
    await expect(buffer(body)).rejects.toThrow('The store is away.');
  });
});
