import type { PhoneNumber } from '../../src/kernel/phone-number.js';
import { phoneDigits } from '../../src/kernel/phone-number.js';
import { CloudEngine } from '../../src/modules/engines/cloud/cloud.engine.js';
import { CloudNumberRepository } from '../../src/modules/engines/cloud/cloud-number.repository.js';
import { CloudUpdateRepository } from '../../src/modules/engines/cloud/cloud-update.repository.js';
import {
  type ContactAct,
  type ContactMessage,
  describeEngineConformance,
  type EngineHarness,
  type SeenMessage,
} from '../../src/modules/engines/engine.conformance.js';
import { BENCH_NUMBERS, CloudBench } from '../support/cloud-bench.js';
import { CREDENTIALS } from '../support/cloud-app.js';
import { createTestPlatform, type TestPlatform } from '../support/test-platform.js';
import { createTestDatabase, type TestDatabase } from '../support/test-postgres.js';

type Json = Record<string, unknown>;

interface Sent {
  readonly id: string;
  readonly to: string;
  readonly request: Record<string, Json | undefined> & { readonly type: string };
}

const KNOWN = '+12025550110' as PhoneNumber;
const NOT_ON_WHATSAPP = '+12025550120' as PhoneNumber;

let database: TestDatabase;
let platform: TestPlatform;

beforeAll(async () => {
  database = await createTestDatabase();
  platform = await createTestPlatform({ database, providers: [CloudNumberRepository, CloudUpdateRepository] });
});
afterAll(async () => {
  await platform.close();
  await database.drop();
});

const cardsOf = ({ content }: ContactMessage): readonly Json[] | undefined =>
  content?.contacts?.map(({ name, phones }) => ({
    name: { formatted_name: name },
    phones: phones.map((phone) => ({ phone, wa_id: phone.slice(1) })),
  }));

const fileAs = ({ type, text }: ContactMessage, file: NonNullable<ContactMessage['file']>): Json => {
  const name = type === 'voice' ? 'audio' : String(type);
  const { bytes, mimeType: mime_type, fileName: filename } = file;
  const media = { data: bytes.toString('base64'), mime_type, filename, caption: text, voice: type === 'voice' };
  return { type: name, [name]: media };
};

const contentAs = (message: ContactMessage): Json => {
  const { type, text, file, content } = message;
  if (file !== undefined) return fileAs(message, file);
  switch (type) {
    case 'contacts':
      return { type, contacts: cardsOf(message) };
    case 'location':
      return { type, location: content?.location };
    case 'unsupported':
      return { type: content?.providerType };
    default:
      return { type: 'text', text };
  }
};

/** What a person writes, as Meta tells it. */
const writtenAs = (message: ContactMessage): Json => ({
  ...contentAs(message),
  ...(message.replyTo !== undefined && { in_reply_to: message.replyTo }),
});

const actAs = (act: Exclude<ContactAct, { kind: 'called' }>): Json => {
  if (act.kind === 'reacted') return { type: 'reaction', reaction: { message_id: act.id, emoji: act.emoji } };
  if (act.kind === 'revoked') return { type: 'revoke', revoke: { original_message_id: act.id } };
  const message = { type: 'text', text: { body: act.text } };
  return { type: 'edit', edit: { original_message_id: act.id, message } };
};

const callBy = (from: PhoneNumber, phoneNumberId: string): Json => {
  const metadata = { display_phone_number: '5511987654399', phone_number_id: phoneNumberId };
  const call = { id: 'wacid.1', from: from.slice(1), event: 'connect', direction: 'USER_INITIATED' };
  const value = { messaging_product: 'whatsapp', metadata, calls: [{ ...call, timestamp: '1760000000' }] };
  return { field: 'calls', phone_number_id: phoneNumberId, value };
};

const reactionsTo = (id: string, all: readonly Sent[]): string =>
  all
    .flatMap(({ request }) =>
      request['reaction']?.['message_id'] === id ? [String(request['reaction']['emoji'])] : [],
    )
    .at(-1) ?? '';

/** As the person sees it: a reaction is no message. */
const seenOf = async (bench: CloudBench, { id, to, request }: Sent, all: readonly Sent[]): Promise<SeenMessage> => {
  const { type } = request;
  const content = request[type] ?? {};
  const mediaId = content['id'];
  const media = typeof mediaId === 'string' ? await bench.graph(mediaId) : undefined;
  const { latitude, longitude, caption, body } = content;
  return {
    ...{ to, providerMessageId: id, type: content['voice'] === true ? 'voice' : type },
    text: ((caption ?? body) as string | undefined) ?? null,
    quoted: request['context']?.['message_id'] as string | undefined,
    hasPreview: content['preview_url'] === true,
    file: media && {
      mimeType: String(media['mime_type']),
      size: Number(media['file_size']),
      sha256: String(media['sha256']),
    },
    ...(typeof latitude === 'number' && typeof longitude === 'number' && { location: { latitude, longitude } }),
    reaction: reactionsTo(id, all),
  };
};

const never = (what: string) => (): Promise<never> => Promise.reject(new Error(`The Cloud API has no ${what}.`));

const createHarness = async (): Promise<EngineHarness> => {
  const bench = await CloudBench.open(platform);
  await bench.control('PUT', `contacts/${phoneDigits(NOT_ON_WHATSAPP)}`, { registered: false });
  const hear = async (sessionId: string, body: Json): Promise<void> => {
    await bench.control('POST', 'inbound', { ...body, phone_number_id: await bench.numberOf(sessionId) });
  };
  return {
    lacks: new Set(['connection', 'early-refusals', 'file-sizes', 'video-calls']),
    create: () => bench.engine(),
    link: async (sessionId, _qr, phone) => {
      const number = BENCH_NUMBERS.find(({ displayPhoneNumber }) => phoneDigits(displayPhoneNumber) === phone.slice(1));
      await bench.give(sessionId, number?.id ?? '');
    },
    pair: never('pairing codes'),
    arrivals: async (sessionId) => {
      const path = `sent?phone_number_id=${await bench.numberOf(sessionId)}`;
      const { data } = await bench.control<{ data: readonly Sent[] }>('GET', path);
      const messages = data.filter(({ request }) => request.type !== 'reaction');
      return Promise.all(messages.map((sent) => seenOf(bench, sent, data)));
    },
    dropConnection: never('connection'),
    logoutFromPhone: async () => {
      await bench.control('PUT', `tokens/${CREDENTIALS.accessToken}`, { invalid_subcode: 463 });
    },
    incoming: (sessionId, message) => hear(sessionId, { ...writtenAs(message), from: message.from.slice(1) }),
    act: async (sessionId, act) => {
      if (act.kind === 'called') {
        await bench.control('POST', 'updates', callBy(act.from, await bench.numberOf(sessionId)));
      } else await hear(sessionId, { ...actAs(act), from: KNOWN.slice(1) });
    },
    acknowledge: async (_sessionId, id, level) => {
      await bench.control('POST', 'statuses', { id, status: level.toLowerCase(), code: 131_026 });
    },
    chatActs: () => Promise.resolve([]),
    group: never('groups'),
    proxy: never('proxy'),
    cleanUp: () => bench.close(),
    recipients: { known: KNOWN, notOnWhatsApp: NOT_ON_WHATSAPP },
  };
};

describeEngineConformance(CloudEngine.name, createHarness);
