import fc from 'fast-check';

import { describeWithPayloads, samplesOf } from '../../../../test/support/meta-payloads.js';
import { mayCarryToken, readMediaDetails, readUploadedId } from './media-answers.js';

describe(readUploadedId.name, () => {
  it('reads the id of a file that was uploaded', () => {
    expect(readUploadedId({ id: '77' })).toBe('77');
    expect(readUploadedId({ success: true })).toBeNull();
    expect(readUploadedId('77')).toBeNull();
  });
});

describe(readMediaDetails.name, () => {
  const details = { id: '77', url: 'https://x', mimeType: 'image/png', sha256: 'hash', sizeBytes: 303_833 };

  it.each([303_833, '303833'])('reads the size as a number and as a text: %j', (file_size) => {
    const body = { messaging_product: 'whatsapp', url: 'https://x', mime_type: 'image/png', sha256: 'hash', file_size };
    expect(readMediaDetails({ ...body, id: '77' })).toEqual(details);
  });

  it('needs an id and an address', () => {
    expect(readMediaDetails({ id: '77' })).toBeNull();
    expect(readMediaDetails({ url: 'https://x' })).toBeNull();
    expect(readMediaDetails({ id: '77', url: 'https://x' })).toEqual({
      ...{ id: '77', url: 'https://x', mimeType: null, sha256: null, sizeBytes: null },
    });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (body) => {
        readMediaDetails(body);
        readUploadedId(body);
      }),
    );
  });
});

describe(mayCarryToken.name, () => {
  const GRAPH = 'https://graph.facebook.com';
  const STAND_IN = 'http://127.0.0.1:4010/v26.0';

  it.each([
    ['https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1', GRAPH],
    ['https://graph.facebook.com/v26.0/77', GRAPH],
    ['http://127.0.0.1:4010/media/77', STAND_IN],
  ])('lets the token go to %s with %s', (address, graph) => {
    expect(mayCarryToken(address, graph)).toBe(true);
  });

  it.each([
    ['http://lookaside.fbsbx.com/1', GRAPH],
    ['https://lookaside.fbsbx.com:8443/1', GRAPH],
    ['https://lookaside.fbsbx.com.example.com/1', GRAPH],
    ['https://example.com/lookaside.fbsbx.com', GRAPH],
    ['https://lookaside.fbsbx.com@example.com/1', GRAPH],
    ['https://scontent.xx.fbcdn.net/1', GRAPH],
    ['http://127.0.0.1:4011/media/77', STAND_IN],
    ['http://graph.facebook.com/77', GRAPH],
    ['file:///etc/passwd', 'file:///etc'],
    ['no address', GRAPH],
    ['https://lookaside.fbsbx.com/1', 'no address'],
  ])('lets it go neither to %s with %s', (address, graph) => {
    expect(mayCarryToken(address, graph)).toBe(false);
  });
});

describeWithPayloads('answers about files', () => {
  it('are read', () => {
    const [sized] = samplesOf('media').filter(({ name }) => name.includes('number-size'));
    expect(readMediaDetails(sized?.json)?.sizeBytes).toBeGreaterThan(0);
    const [uploaded] = samplesOf('media').filter(({ name }) => name.includes('res-media-upload'));
    expect(readUploadedId(uploaded?.json)).not.toBeNull();
  });
});
