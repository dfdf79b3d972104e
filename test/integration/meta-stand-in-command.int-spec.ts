import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';

import { readCommandLine } from '../../src/meta-stand-in/command-line.js';
import { MetaStandIn } from '../../src/meta-stand-in/meta-stand-in.js';
import { eventually } from '../support/eventually.js';

const LOADER = join('test', 'support', 'ts-loader.mjs');
const MAIN = join('src', 'meta-stand-in', 'main.ts');

interface Run {
  readonly output: () => string;
  readonly stop: () => Promise<number | null>;
  readonly ended: Promise<unknown[]>;
}

const run = (args: readonly string[], environment: Record<string, string> = {}): Run => {
  const child = spawn(process.execPath, ['--import', `./${LOADER}`, MAIN, ...args], {
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'close');
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    const [code] = (await ended) as [number | null];
    return code;
  };
  return { output: () => output, stop, ended };
};

describe('npm run meta:stand-in', () => {
  it('says where it is and what it knows, and ends when it is told to', async () => {
    const command = run(['--port', '0', '--numbers', '42=+49 30 123456,43'], { META_STAND_IN_APP_SECRET: 'mine' });
    const url = await eventually(() => /GRAPH_API_URL=(?<url>\S+)/.exec(command.output())?.groups?.['url']);
    expect(command.output()).toContain('secret mine');
    expect(command.output()).toContain('number 42, +49 30 123456');
    const headers = { authorization: 'Bearer stand-in-access-token' };
    expect((await fetch(`${url}/v25.0/42`, { headers })).status).toBe(200);
    expect(await (await fetch(`${url}/_control/health`)).json()).toEqual({ status: 'ok' });
    expect(await command.stop()).toBe(0);
  });

  it('explains itself, and says what it does not understand', async () => {
    const help = run(['--help']);
    expect(await help.ended).toEqual([0, null]);
    expect(help.output()).toContain('--webhook-url');
    const wrong = run(['--prot', '1']);
    expect(await wrong.ended).toEqual([2, null]);
    expect(wrong.output()).toContain('--prot');
  });

  it('answers control calls of this machine alone, unless it is open', async () => {
    const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
    const address = addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
    // A machine without a network has nobody else to refuse.
    if (address === undefined) return;
    for (const [isControlLocal, status] of [
      [true, 403],
      [false, 200],
    ] as const) {
      const standIn = await MetaStandIn.listen({ host: address, isControlLocal });
      expect((await fetch(`${standIn.url}/_control/health`)).status).toBe(status);
      await standIn.close();
    }
  });

  it.each([
    [['--port', 'x'], '--port must be a whole number'],
    [['--numbers', 'abc'], '--numbers must be'],
    [['--config', '/none'], 'ENOENT'],
  ])('refuses %j', (args, text) => {
    expect(() => readCommandLine(args, {})).toThrow(text);
  });

  it('reads flags before variables, and everything else from a file', () => {
    const command = readCommandLine(['--port', '1', '--latency-ms', '5'], {
      META_STAND_IN_PORT: '2',
      META_STAND_IN_WEBHOOK_URL: 'http://localhost/webhook',
    });
    expect(command).toMatchObject({
      port: 1,
      isControlLocal: true,
      behaviour: { latencyMs: 5 },
      apps: [{ webhookUrl: 'http://localhost/webhook' }],
    });
    const home = mkdtempSync(join(tmpdir(), 'stand-in-'));
    const path = join(home, 'config.json');
    writeFileSync(path, JSON.stringify({ seed: 9, apps: [{ id: '1' }, { id: '2' }] }));
    expect(readCommandLine(['--config', path], {})).toMatchObject({
      seed: 9,
      apps: [{ id: '1' }, { id: '2' }],
    });
    writeFileSync(path, JSON.stringify({ apps: {} }));
    expect(() => readCommandLine(['--config', path], {})).toThrow('apps must be a list');
    rmSync(home, { recursive: true });
  });
});
