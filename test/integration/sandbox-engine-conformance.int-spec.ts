import type { PhoneNumber } from '../../src/kernel/phone-number.js';
import {
  type ContactAct,
  type ContactMessage,
  describeEngineConformance,
  type EngineHarness,
  type SeenMessage,
} from '../../src/modules/engines/engine.conformance.js';
import type { AckLevel, InboundChange } from '../../src/modules/engines/engine.port.js';
import { isAct } from '../../src/modules/engines/sandbox/sandbox-content.js';
import type { WrittenMessage } from '../../src/modules/engines/sandbox/sandbox-inbox.js';
import { SANDBOX_GROUP } from '../../src/modules/engines/sandbox/sandbox-people.js';
import type { SandboxHandle } from '../../src/modules/engines/sandbox/sandbox.handle.js';
import { SandboxPhones } from '../../src/modules/engines/sandbox/sandbox-phones.js';
import { SandboxEngine } from '../../src/modules/engines/sandbox/sandbox.engine.js';
import { SandboxRepository, type StoredArrival } from '../../src/modules/engines/sandbox/sandbox.repository.js';
import { noCheckpoints } from '../../src/platform/lifecycle/checkpoints.js';
import { PrismaService } from '../../src/platform/prisma/prisma.service.js';
import { createTestPlatform, type TestPlatform } from '../support/test-platform.js';
import { createTestDatabase, type TestDatabase } from '../support/test-postgres.js';

/** What the sandbox keeps beside the text. */
interface KeptContent {
  readonly quoted?: string;
  readonly mentions?: readonly string[];
  readonly linkPreview?: boolean;
  readonly media?: NonNullable<SeenMessage['file']>;
  readonly latitude?: number;
  readonly longitude?: number;
  readonly edited?: string;
  readonly revoked?: boolean;
  readonly reaction?: string | null;
  readonly forwarded?: { readonly type: string };
}

let database: TestDatabase;
let platform: TestPlatform;

beforeAll(async () => {
  database = await createTestDatabase();
  platform = await createTestPlatform({ database, providers: [SandboxRepository] });
});
afterAll(async () => {
  await platform.close();
  await database.drop();
});

/** As the contact sees it: a forward is what it forwards, and acts are no messages. */
const toSeen = ({ recipient, providerMessageId, type, text, content }: StoredArrival): SeenMessage => {
  const kept = (content ?? {}) as KeptContent;
  const { latitude, longitude, media, quoted, mentions } = kept;
  return {
    ...{ to: recipient, providerMessageId, type: kept.forwarded?.type ?? type, text: kept.edited ?? text },
    ...{ quoted, mentions, file: media, hasPreview: kept.linkPreview === true },
    ...(latitude !== undefined && longitude !== undefined && { location: { latitude, longitude } }),
    ...{ isForwarded: type === 'forward', isRevoked: kept.revoked === true, reaction: kept.reaction ?? '' },
  };
};

const toWritten = ({ from, type = 'text', text, file, ...rest }: ContactMessage): WrittenMessage => ({
  ...{ from, type, text: text ?? null, ...rest },
  ...(file && { media: { mimeType: file.mimeType, fileName: file.fileName, data: file.bytes.toString('base64') } }),
});

const toChange = (act: ContactAct): InboundChange => {
  const at = new Date();
  if (act.kind === 'called') return { ...act, callId: 'call_1', isGroup: false, at };
  const { id: providerMessageId, ...rest } = act;
  return { ...rest, providerMessageId, at };
};

const LEVELS: readonly AckLevel[] = ['SENT', 'DELIVERED', 'READ', 'PLAYED'];

const createHarness = (): Promise<EngineHarness> => {
  const repository = platform.get(SandboxRepository);
  const phones = new SandboxPhones();
  const open = (sessionId: string): SandboxHandle => {
    const handle = phones.find(sessionId);
    if (handle === undefined) throw new Error(`The sandbox session "${sessionId}" is not open.`);
    return handle;
  };
  return Promise.resolve({
    lacks: new Set(),
    create: () => new SandboxEngine(repository, phones, noCheckpoints),
    link: (sessionId, _qr, phone) => open(sessionId).scan(phone),
    pair: async (sessionId, code) => {
      expect(await open(sessionId).pair('00000000')).toBe(false);
      expect(await open(sessionId).pair(code)).toBe(true);
    },
    arrivals: async (sessionId) => {
      const arrivals = await repository.findArrivals(sessionId, 100);
      return arrivals
        .toReversed()
        .filter(({ type }) => !isAct({ type }))
        .map(toSeen);
    },
    dropConnection: async (sessionId) => {
      await open(sessionId).drop('connection', 'The test has cut the connection.');
    },
    logoutFromPhone: async (sessionId) => {
      await open(sessionId).drop('logged-out', 'The test has removed the device.');
    },
    incoming: async (sessionId, message) => {
      const handle = phones.find(sessionId);
      if (handle === undefined) await repository.addPending(sessionId, toWritten(message));
      else await handle.receive(toWritten(message));
    },
    act: (sessionId, act) => open(sessionId).change(toChange(act)),
    acknowledge: async (sessionId, id, level) => {
      const { acks } = open(sessionId);
      await (level === 'FAILED' ? acks.fail(id) : acks.acknowledge(id, LEVELS.indexOf(level) + 1));
    },
    chatActs: (sessionId) => Promise.resolve(open(sessionId).actions.map(({ what, chat }) => ({ what, chat }))),
    group: () => Promise.resolve(SANDBOX_GROUP),
    proxy: () => Promise.reject(new Error('The sandbox contacts nobody.')),
    cleanUp: async () => {
      const { sandboxLink, sandboxArrival, sandboxPending } = platform.get(PrismaService);
      await sandboxLink.deleteMany();
      await sandboxArrival.deleteMany();
      await sandboxPending.deleteMany();
    },
    recipients: { known: '+12025550110' as PhoneNumber, notOnWhatsApp: '+12025550120' as PhoneNumber },
  });
};

describeEngineConformance(SandboxEngine.name, createHarness);
