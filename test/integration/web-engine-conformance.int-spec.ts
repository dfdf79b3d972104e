import { phoneDigits, type PhoneNumber } from '../../src/kernel/phone-number.js';
import { describeEngineConformance, type EngineHarness } from '../../src/modules/engines/engine.conformance.js';
import { BOB, noChromium, WebEngineBench } from '../support/web-engine-bench.js';

let bench: WebEngineBench;
/** Which phone was linked to which session of this test. */
const phones = new Map<string, string>();

const createHarness = (): Promise<EngineHarness> => {
  const { control } = bench;
  return Promise.resolve({
    create: () => bench.engine(),
    link: async (sessionId, qr, phone) => {
      phones.set(sessionId, phoneDigits(phone));
      await control.scan({ phone: phoneDigits(phone), qr, pushname: 'Ada' });
    },
    arrivals: async (sessionId) => {
      const sent = await control.sent({ phone: phones.get(sessionId) ?? 'none' });
      return sent.map(({ toPhone, body, rawId }) => ({
        to: `+${toPhone ?? ''}`,
        text: body ?? '',
        providerMessageId: rawId,
      }));
    },
    dropConnection: (sessionId) => {
      for (const pid of bench.browsers(sessionId)) process.kill(pid, 'SIGKILL');
      return Promise.resolve();
    },
    logoutFromPhone: async (sessionId) => {
      await control.logout({ phone: phones.get(sessionId) });
    },
    incoming: async (sessionId, { from, text }) => {
      await control.incoming({ phone: phones.get(sessionId), from: phoneDigits(from), body: text });
    },
    cleanUp: async () => {
      phones.clear();
      await bench.reset();
    },
    recipients: { known: `+${BOB}` as PhoneNumber, notOnWhatsApp: '+5511922222222' as PhoneNumber },
  });
};

if (noChromium() === undefined) {
  beforeAll(async () => {
    bench = await WebEngineBench.create({ unregisteredPattern: '^5511922222222' });
  });
  afterAll(() => bench.cleanUp());
  describeEngineConformance('WebEngine', createHarness);
} else {
  describe.skip(`WebEngine as a WhatsAppEngine (${noChromium() ?? ''})`, () => {
    it('conforms', () => undefined);
  });
}
