import { describeWithPayloads, samplesOf } from '../../../../test/support/meta-payloads.js';
import { markReadBody } from './presence-body.js';

describe(markReadBody.name, () => {
  it('marks as read, with a sign of typing or without', () => {
    const read = { messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.1' };
    expect(markReadBody('wamid.1', false)).toEqual(read);
    expect(markReadBody('wamid.1', true)).toEqual({ ...read, typing_indicator: { type: 'text' } });
  });
});

describeWithPayloads('requests to mark as read', () => {
  it.each(['mark-read-01', 'mark-read-typing-01'])('are written: %s', (name) => {
    const [sample] = samplesOf('outbound/requests').filter((one) => one.name.endsWith(`/${name}.json`));
    const request = sample?.json as { readonly message_id: string };
    expect(markReadBody(request.message_id, name.includes('typing'))).toEqual(request);
  });
});
