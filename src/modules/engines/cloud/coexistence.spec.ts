import type { CloudUpdate } from './cloud-update.js';
import { readUpdates } from './updates.js';

const AT = new Date('2026-11-20T12:00:00Z');
const SECONDS = String(AT.getTime() / 1_000);

const read = (field: string, value: object): readonly CloudUpdate[] => {
  const metadata = { display_phone_number: '15550783881', phone_number_id: '106' };
  return readUpdates({ entry: [{ id: '1', changes: [{ field, value: { metadata, ...value } }] }] }, AT);
};

describe('an echo', () => {
  const echo = { from: '15550783881', to: '16505551234', id: 'wamid.e', timestamp: SECONDS };

  it('is a message of ours to somebody, never one of theirs', () => {
    const message_echoes = [{ ...echo, type: 'text', text: { body: 'from the phone' } }];
    expect(read('smb_message_echoes', { message_echoes })).toMatchObject([
      {
        kind: 'echo',
        key: 'message:wamid.e',
        echo: {
          kind: 'message',
          inbound: {
            message: { from: '+15550783881', to: '+16505551234', text: 'from the phone' },
            person: { waId: '16505551234' },
          },
        },
      },
    ]);
  });

  it('may be an edit or the end of a message of ours', () => {
    const edit = { original_message_id: 'wamid.0', message: { type: 'text', text: { body: 'better' } } };
    const message_echoes = [
      { ...echo, type: 'edit', edit },
      { ...echo, type: 'revoke', revoke: { original_message_id: 'wamid.0' } },
    ];
    expect(read('smb_message_echoes', { message_echoes })).toMatchObject([
      { kind: 'echo', echo: { kind: 'change', change: { kind: 'edited', text: 'better' } } },
      { kind: 'echo', echo: { kind: 'change', change: { kind: 'revoked', providerMessageId: 'wamid.0' } } },
    ]);
  });
});

describe('history', () => {
  const text = (from: string, id: string, status: string): object => ({
    ...{ from, id, timestamp: '1739230955', type: 'text', text: { body: id } },
    history_context: { status },
  });

  it('tells who wrote, and how far it got', () => {
    const messages = [text('15550783881', 'ours', 'READ'), text('16505551234', 'theirs', 'DELIVERED')];
    const history = [
      { metadata: { phase: 0, chunk_order: 1, progress: 55 }, threads: [{ id: '16505551234', messages }] },
    ];
    expect(read('history', { history })).toMatchObject([
      {
        kind: 'history',
        isOurs: true,
        status: 'READ',
        recorded: {
          inbound: { message: { from: '+15550783881', to: '+16505551234' }, person: { waId: '16505551234' } },
        },
      },
      {
        kind: 'history',
        isOurs: false,
        status: 'DELIVERED',
        recorded: { inbound: { message: { from: '+16505551234', isCatchUp: true }, person: { waId: '16505551234' } } },
      },
      { kind: 'history-progress', phase: 0, percent: 55 },
    ]);
  });

  it('takes both forms of a number for the same person', () => {
    const threads = [{ id: '555180001234', messages: [text('5551980001234', 'theirs', 'READ')] }];
    expect(read('history', { history: [{ threads }] })).toMatchObject([
      { isOurs: false },
      { kind: 'history-progress' },
    ]);
  });

  it('may be refused, and one bad message harms no other', () => {
    const threads = [{ id: '16505551234', messages: [{}, text('16505551234', 'good', 'READ')] }, 'no thread'];
    const history = [{ errors: [{ code: 2_593_109, title: 'declined' }], threads }, 'no chunk'];
    const updates = read('history', { history });
    expect(updates.map(({ kind }) => kind)).toEqual(['malformed', 'history', 'error', 'history-progress', 'malformed']);
  });
});

describe('a call', () => {
  const call = { id: 'wacid.1', from: '16505551234', to: '15550783881', timestamp: SECONDS };

  it('of a person is told to the port', () => {
    const calls = [{ ...call, event: 'connect', direction: 'USER_INITIATED' }];
    expect(read('calls', { calls })).toMatchObject([
      {
        kind: 'call',
        key: 'call:wacid.1:connect',
        call: { callId: 'wacid.1', event: 'connect', person: { waId: '16505551234' } },
        change: { kind: 'called', callId: 'wacid.1', from: '+16505551234', isVideo: false, isGroup: false, at: AT },
      },
    ]);
  });

  it('of ours, and the end of any, are not', () => {
    const ours = { ...call, from: '15550783881', to: '16505551234', direction: 'BUSINESS_INITIATED' };
    const calls = [
      { ...ours, event: 'connect' },
      { ...call, event: 'terminate', direction: 'USER_INITIATED', duration: 120 },
    ];
    expect(read('calls', { calls })).toMatchObject([
      { call: { person: { waId: '16505551234' } }, change: null },
      { call: { durationSeconds: 120 }, change: null },
    ]);
  });

  it('may ring', () => {
    const statuses = [
      { id: 'wacid.1', timestamp: SECONDS, type: 'call', status: 'RINGING', recipient_id: '16505551234' },
    ];
    for (const field of ['calls', 'messages']) {
      expect(read(field, { statuses })).toMatchObject([
        { kind: 'call', call: { callId: 'wacid.1', event: 'ringing', person: { waId: '16505551234' } }, change: null },
      ]);
    }
  });

  it('needs an id', () => {
    expect(read('calls', { calls: [{ event: 'connect' }] })).toMatchObject([
      { kind: 'malformed', reason: 'id is missing' },
    ]);
  });
});

describe('what a person wants of us', () => {
  it('is told with who wants it', () => {
    const user_preferences = [
      { wa_id: '16505551234', category: 'marketing_messages', value: 'stop', timestamp: Number(SECONDS) },
      { wa_id: '16505551234', category: 'marketing_messages' },
    ];
    expect(read('user_preferences', { user_preferences })).toMatchObject([
      {
        kind: 'preference',
        preference: { person: { waId: '16505551234' }, category: 'marketing_messages', value: 'stop' },
        time: { at: AT },
      },
      { kind: 'malformed', reason: 'value is missing' },
    ]);
  });
});
