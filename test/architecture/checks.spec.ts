import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../../scripts/write-checks.mjs', import.meta.url));

describe('docs/checks.md', () => {
  it('lists every check with its test or the reason why there is none, as the tests stand now', () => {
    const { stderr, status } = spawnSync(process.execPath, [SCRIPT, '--check'], {
      env: { PATH: process.env['PATH'] },
      encoding: 'utf8',
    });
    expect({ status, faults: stderr.trim().split('\n') }).toEqual({ status: 0, faults: [''] });
  });
});
