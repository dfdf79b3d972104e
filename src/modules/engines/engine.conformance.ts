import { CAPABILITY_CASES } from './conformance/cases.conformance.js';
import type { EngineHarness } from './conformance/harness.conformance.js';
import { describeLife } from './conformance/life.conformance.js';
import { describeReceiving } from './conformance/receiving.conformance.js';
import { describeSending } from './conformance/sending.conformance.js';
import { Reports, Stage } from './conformance/stage.conformance.js';
import type { EngineCapability } from './engine.capabilities.js';
import { UnsupportedByEngineError } from './engine.errors.js';
import type { WhatsAppEngine } from './engine.port.js';
import { EngineRegistry } from './engine.registry.js';

export type * from './conformance/harness.conformance.js';

/** Refused before the engine is asked; a session that needs a proxy is not opened without it, whoever asks. */
const expectRefusal = async (engine: WhatsAppEngine, capability: EngineCapability): Promise<void> => {
  const refused = { code: 'unsupported-by-engine', extensions: { engine: engine.name, capability } };
  const require = (): Promise<void> =>
    Promise.resolve().then(() => {
      new EngineRegistry([engine]).require(engine.name, capability);
    });
  await expect(require()).rejects.toBeInstanceOf(UnsupportedByEngineError);
  await expect(require()).rejects.toMatchObject(refused);
  if (capability !== 'proxy') return;
  const command = { sessionId: 'one', proxy: 'http://127.0.0.1:9', signal: new AbortController().signal };
  await expect(engine.open(command, new Reports())).rejects.toMatchObject(refused);
};

/** What every engine owes its callers. One harness is made for each test. */
export const describeEngineConformance = (name: string, createHarness: () => Promise<EngineHarness>): void => {
  describe(`${name} as a WhatsAppEngine`, () => {
    let stage: Stage;
    const current = (): Stage => stage;

    beforeEach(async () => {
      stage = new Stage(await createHarness());
    });

    afterEach(() => stage.end());

    describeLife(current);
    describeSending(current);
    describeReceiving(current);

    it.each(Object.keys(CAPABILITY_CASES) as EngineCapability[])(
      'can do, or refuses by name: %s',
      async (capability) => {
        const engine = stage.harness.create();
        if (!engine.capabilities.has(capability)) await expectRefusal(engine, capability);
        else await CAPABILITY_CASES[capability](stage);
      },
    );
  });
};
