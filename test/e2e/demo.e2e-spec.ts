import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { noChromium } from '../support/web-engine-bench.js';

const SCRIPT = fileURLToPath(new URL('../../scripts/demo.mjs', import.meta.url));
const STEPS = [
  ...['start', 'setup', 'login', 'QR', 'scan', 'READY', 'send', 'ack', 'receive', 'log'],
  ...['second number', 'QR, scan', 'READY', 'key', 'its reach', 'media', 'image', 'template', 'bulk', 'its result'],
  ...['opt-out', 'schedule', 'SIGTERM', 'start again', 'READY', 'send', 'ack', 'both numbers', 'its time', 'usage'],
  ...['revoke', 'logout', 'notification', 'audit', 'stop'],
];

const show = (what: string): { readonly code: number | null; readonly steps: readonly string[] } => {
  const { status, stdout } = spawnSync(process.execPath, [SCRIPT, what], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], CI: process.env['CI'] },
    encoding: 'utf8',
  });
  const lines = [...stdout.matchAll(/^(?<mark>[✓✗]) +\d+ {2}(?<name>.{14})/gm)];
  return {
    code: status,
    steps: lines.map(({ groups }) => `${groups?.['mark'] ?? ''} ${groups?.['name']?.trim() ?? ''}`),
  };
};

describe('npm run demo', () => {
  it('shows the main job and the work of two numbers on the sandbox', () => {
    expect(show('sandbox')).toEqual({ code: 0, steps: STEPS.map((name) => `✓ ${name}`) });
  }, 180_000);

  (noChromium() === undefined ? it : it.skip)(
    'shows the main job and the work of two numbers in a real browser',
    () => {
      expect(show('web')).toEqual({ code: 0, steps: STEPS.map((name) => `✓ ${name}`) });
    },
    180_000,
  );
});
