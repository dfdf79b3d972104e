import fc from 'fast-check';

import { describeWithPayloads, samplesOf } from '../../../../test/support/meta-payloads.js';
import { SendDeferredError, SendRefusedError, SessionNotConnectedError } from '../engine.errors.js';
import { readAcceptedMessage, sendErrorOf, SendOutcomeUnknownError } from './send-outcome.js';

describe(readAcceptedMessage.name, () => {
  it('reads the id of the message and of the recipient', () => {
    const contacts = [{ input: '+541150001234', wa_id: '5491150001234' }];
    const messages = [{ id: 'wamid.1', message_status: 'held_for_quality_assessment' }];
    expect(readAcceptedMessage({ messaging_product: 'whatsapp', contacts, messages })).toEqual({
      ...{ providerMessageId: 'wamid.1', waId: '5491150001234', userId: null, status: 'held_for_quality_assessment' },
    });
  });

  it('reads the id of a recipient whose number is not told', () => {
    const contacts = [{ input: 'US.1', wa_id: '', user_id: 'US.1' }];
    expect(readAcceptedMessage({ contacts, messages: [{ id: 'wamid.1' }] })).toMatchObject({
      ...{ waId: null, userId: 'US.1' },
    });
  });

  it('needs nothing but the id of the message', () => {
    expect(readAcceptedMessage({ messages: [{ id: 'wamid.1' }] })).toEqual({
      ...{ providerMessageId: 'wamid.1', waId: null, userId: null, status: null },
    });
  });

  it.each([null, '', [], {}, { messages: [] }, { messages: [{}] }, { messages: {} }, { success: true }])(
    'finds no message in %j',
    (body) => {
      expect(readAcceptedMessage(body)).toBeNull();
    },
  );

  it('never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (body) => {
        readAcceptedMessage(body);
        expect(readAcceptedMessage({ messages: [{ id: 'wamid.1' }], contacts: body })?.providerMessageId).toBe(
          'wamid.1',
        );
      }),
    );
  });
});

describe(sendErrorOf.name, () => {
  it('refuses what is given up', () => {
    const error = sendErrorOf({ action: 'give-up', reasonCode: 'window-closed' }, 'Too late.');
    expect(error).toBeInstanceOf(SendRefusedError);
    expect(error).toMatchObject({ reasonCode: 'window-closed', message: 'Too late.' });
  });

  it.each([
    { action: 'retry', reasonCode: 'meta-failed', waitMs: 7 },
    { action: 'slow-down', reasonCode: 'pair-rate-limited', limit: 'pair', waitMs: 7 },
  ] as const)('defers what may be tried again: $action', (decision) => {
    const error = sendErrorOf(decision, 'Later.');
    expect(error).toBeInstanceOf(SendDeferredError);
    expect(error).not.toBeInstanceOf(SessionNotConnectedError);
    expect(error).toMatchObject({ reasonCode: decision.reasonCode, retryInMs: 7 });
  });

  it('charges no message with a session that is parked', () => {
    const error = sendErrorOf({ action: 'park-session', reasonCode: 'token-expired' }, 'Expired.');
    expect(error).toBeInstanceOf(SessionNotConnectedError);
    expect(error).toMatchObject({ reasonCode: 'token-expired' });
  });

  it('says that nobody knows, and neither that it was not sent nor that it never will be', () => {
    const error = sendErrorOf({ action: 'unknown-outcome', reasonCode: 'no-answer' }, 'Nothing came.');
    expect(error).toBeInstanceOf(SendOutcomeUnknownError);
    expect(error).not.toBeInstanceOf(SendDeferredError);
    expect(error).not.toBeInstanceOf(SendRefusedError);
  });
});

describeWithPayloads('answers of sends', () => {
  it('all name their message', () => {
    const answers = samplesOf('outbound/responses');
    expect(answers.length).toBeGreaterThan(10);
    const unread = answers.filter(({ json }) => readAcceptedMessage(json) === null).map(({ name }) => name);
    expect(unread).toEqual([]);
  });
});
