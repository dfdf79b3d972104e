import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Logger } from '@nestjs/common';

import { chooseSetupLinkSink, type SetupLinkPlaces } from './setup-link.sink.js';

const LINK = 'http://localhost:3030/console/setup#token=wps_canary';

class Screen {
  text = '';

  constructor(readonly isTTY: boolean) {}

  readonly write = (text: string | Uint8Array): boolean => {
    this.text += text.toString();
    return true;
  };
}

describe('the place of the setup link', () => {
  let dataDir: string;
  let path: string;

  const choose = (terminal: Screen, mode: SetupLinkPlaces['mode'] = 'auto'): ReturnType<typeof chooseSetupLinkSink> =>
    chooseSetupLinkSink({ mode, dataDir, terminal: terminal });
  const isThere = (): Promise<boolean> => stat(path).then(Boolean, () => false);

  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'waypost-link-'));
    path = join(dataDir, 'setup-link');
  });

  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('is the terminal when there is one, and no file', async () => {
    const terminal = new Screen(true);
    await choose(terminal).show(LINK);
    expect(terminal.text).toContain(LINK);
    expect(await isThere()).toBe(false);
  });

  it('is a file of its owner when there is none; a link of an earlier start is replaced, not appended to', async () => {
    const output = new Screen(false);
    await writeFile(path, 'an old link', { mode: 0o644 });
    await choose(output).show(LINK);
    expect(await readFile(path, 'utf8')).toBe(`${LINK}\n`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(output.text).toBe('');
  });

  it('is the output as well when the operator asks for it', async () => {
    const output = new Screen(false);
    await choose(output, 'log').show(LINK);
    expect(await isThere()).toBe(true);
    expect((JSON.parse(output.text) as { msg: string }).msg).toContain(LINK);
  });

  it('takes the file away when the link has been used, also one of an earlier start without a terminal', async () => {
    for (const terminal of [new Screen(false), new Screen(true)]) {
      await writeFile(path, LINK);
      await choose(terminal).withdraw();
      await choose(terminal).withdraw();
      expect(await isThere()).toBe(false);
    }
  });
});
