import type { PhoneNumber } from '../../src/kernel/phone-number.js';
import { describeEngineConformance, type EngineHarness } from '../../src/modules/engines/engine.conformance.js';
import type { SandboxHandle } from '../../src/modules/engines/sandbox/sandbox.handle.js';
import { SandboxPhones } from '../../src/modules/engines/sandbox/sandbox-phones.js';
import { SandboxEngine } from '../../src/modules/engines/sandbox/sandbox.engine.js';
import { SandboxRepository } from '../../src/modules/engines/sandbox/sandbox.repository.js';
import { noCheckpoints } from '../../src/platform/lifecycle/checkpoints.js';
import { PrismaService } from '../../src/platform/prisma/prisma.service.js';
import { createTestPlatform, type TestPlatform } from '../support/test-platform.js';
import { createTestDatabase, type TestDatabase } from '../support/test-postgres.js';

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

const createHarness = (): Promise<EngineHarness> => {
  const repository = platform.get(SandboxRepository);
  const phones = new SandboxPhones();
  const open = (sessionId: string): SandboxHandle => {
    const handle = phones.find(sessionId);
    if (handle === undefined) throw new Error(`The sandbox session "${sessionId}" is not open.`);
    return handle;
  };
  return Promise.resolve({
    create: () => new SandboxEngine(repository, phones, noCheckpoints),
    link: (sessionId, _qr, phone) => open(sessionId).scan(phone),
    arrivals: async (sessionId) => {
      const arrivals = await repository.findArrivals(sessionId, 100);
      return arrivals
        .toReversed()
        .map(({ recipient, text, providerMessageId }) => ({ to: recipient, text: text ?? '', providerMessageId }));
    },
    dropConnection: async (sessionId) => {
      await open(sessionId).drop('connection', 'The test has cut the connection.');
    },
    logoutFromPhone: async (sessionId) => {
      await open(sessionId).drop('logged-out', 'The test has removed the device.');
    },
    incoming: async (sessionId, { from, text }) => {
      await open(sessionId).receive({ from, text, type: 'text' });
    },
    cleanUp: async () => {
      const { sandboxLink, sandboxArrival } = platform.get(PrismaService);
      await sandboxLink.deleteMany();
      await sandboxArrival.deleteMany();
    },
    recipients: { known: '+12025550110' as PhoneNumber, notOnWhatsApp: '+12025550120' as PhoneNumber },
  });
};

describeEngineConformance(SandboxEngine.name, createHarness);
