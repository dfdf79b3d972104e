import { readReference, writeReference } from './own-reference.js';

describe(writeReference.name, () => {
  it('is read back from a status', () => {
    const sent = { messageId: 'msg_01m7yvrz4fh4ndwtt72hpf1qgy', attempt: 3 };
    expect(readReference(writeReference(sent))).toEqual(sent);
  });
});

describe(readReference.name, () => {
  it.each([
    null,
    '',
    'an order of somebody else',
    'msg_1',
    'msg_1:0',
    'msg_1:1.5',
    'msg_1:1:1',
    'msg_1: 1',
    "msg_1':1",
    `msg_${'1'.repeat(200)}:1`,
    'msg_1:9999999999',
  ])('knows that %j is none of ours', (written) => {
    expect(readReference(written)).toBeNull();
  });
});
