import { CAPABILITIES, type EngineCapability } from '../../src/modules/engines/engine.capabilities.js';
import type { WhatsAppEngine } from '../../src/modules/engines/engine.port.js';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The text of `docs/capabilities.md`. */
export const renderCapabilities = (engines: readonly Pick<WhatsAppEngine, 'name' | 'capabilities'>[]): string => {
  const all = Object.entries(CAPABILITIES) as [EngineCapability, string][];
  const table = [
    row(['capability', 'what it lets do', ...engines.map(({ name }) => name)]),
    row(['---', '---', ...engines.map(() => ':-:')]),
    ...all.map(([capability, about]) =>
      row([
        `\`${capability}\``,
        about,
        ...engines.map(({ capabilities }) => (capabilities.has(capability) ? 'yes' : '')),
      ]),
    ),
  ].join('\n');
  return `# Capabilities

What each engine can do. What it cannot do it refuses before anything is stored, with the error \`unsupported-by-engine\`
(422), whose \`engine\` and \`capability\` name what is missing. This page is made from the code
(\`npm run docs:permissions\` writes it too) and compared with it; each cell has a test on its engine: the sandbox in
\`test/e2e/message-kinds.e2e-spec.ts\`, the web engine through Chromium on the simulated page in
\`test/integration/web-engine-*.int-spec.ts\`, the cloud engine on the stand-in for Meta in
\`test/e2e/cloud-*.e2e-spec.ts\`.

${table}
`;
};
