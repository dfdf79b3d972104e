import { readFileSync, writeFileSync } from 'node:fs';

import { format, resolveConfig } from 'prettier';

import { CloudEngine } from '../../src/modules/engines/cloud/cloud.engine.js';
import { SandboxEngine } from '../../src/modules/engines/sandbox/sandbox.engine.js';
import { WebEngine } from '../../src/modules/engines/web/web.engine.js';
import { noCheckpoints } from '../../src/platform/lifecycle/checkpoints.js';
import { renderCapabilities } from '../support/capabilities-doc.js';

const PAGE = 'docs/capabilities.md';

const engines = [
  new SandboxEngine({} as never, {} as never, noCheckpoints),
  new WebEngine(
    { executablePath: undefined, extraArgs: [], useSandbox: true },
    { dataDir: '/nowhere', sessionPath: '/nowhere' },
  ),
  new CloudEngine({} as never, {} as never, {} as never, {} as never),
];

describe(PAGE, () => {
  it('is what the engines say of themselves', async () => {
    const text = await format(renderCapabilities(engines), { ...(await resolveConfig(PAGE)), parser: 'markdown' });
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(PAGE, text);
    expect(readFileSync(PAGE, 'utf8')).toBe(text);
  });

  it('has a capability for every type that can be sent', () => {
    for (const { capabilities } of engines) {
      for (const type of ['text', 'image', 'video', 'audio', 'voice', 'document', 'sticker'] as const) {
        expect(capabilities.has(type)).toBe(true);
      }
    }
  });
});
