import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { checkChromium, findChromium, launchOptions } from './chromium.js';
import { routeOf } from './network-route.js';

describe('the browser of the web engine', () => {
  const { signal } = new AbortController();
  const config = { executablePath: undefined, extraArgs: ['--lang=pt'], useSandbox: true };

  it('keeps the sandbox unless told otherwise, and takes further arguments', () => {
    const { args } = launchOptions(config, '/usr/bin/chromium', routeOf(null), signal) as { args: string[] };
    expect(args).toContain('--lang=pt');
    expect(args.filter((arg) => arg.includes('sandbox'))).toEqual([]);
    const without = launchOptions({ ...config, useSandbox: false }, '/usr/bin/chromium', routeOf(null), signal) as {
      args: string[];
    };
    expect(without.args).toContain('--no-sandbox');
  });

  it('gives up no isolation for memory', () => {
    const { args } = launchOptions(config, '/usr/bin/chromium', routeOf(null), signal) as { args: string[] };
    const weakening =
      /single-process|in-process-gpu|no-zygote|disable-web-security|site-isolation|site-per-process|IsolateOrigins|no-sandbox|InProcess|jitless|remote-debugging-port/i;
    expect(args.filter((arg) => weakening.test(arg))).toEqual([]);
  });

  it('is driven over a pipe, and its end is left to the process (P12, P19)', () => {
    expect(launchOptions(config, '/usr/bin/chromium', routeOf(null), signal)).toMatchObject({
      pipe: true,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      headless: true,
    });
    expect(launchOptions(config, '/x/chrome-headless-shell', routeOf(null), signal)).toMatchObject({
      headless: 'shell',
    });
  });

  it('is the one that is named, or none', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'waypost-chromium-'));
    const executablePath = join(directory, 'chromium');
    expect(findChromium({ ...config, executablePath })).toBeNull();
    await writeFile(executablePath, '#!/bin/sh\n');
    await chmod(executablePath, 0o700);
    expect(findChromium({ ...config, executablePath })).toBe(executablePath);
    expect(checkChromium({ ...config, executablePath, useSandbox: false })).toEqual({ available: true });
    await rm(directory, { recursive: true });
  });
});
