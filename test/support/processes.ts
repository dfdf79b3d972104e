import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SUPPORT = dirname(fileURLToPath(import.meta.url));

const look = (read: () => string): string => {
  try {
    return read();
  } catch {
    return '';
  }
};

/** Every process that was started with a path below `dir`, or works in it. */
export const processesIn = (dir: string): readonly { pid: number; command: string }[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((name) => ({
      pid: Number(name),
      command: look(() => readFileSync(`/proc/${name}/cmdline`, 'utf8')).replaceAll('\0', ' '),
      cwd: look(() => readlinkSync(`/proc/${name}/cwd`)),
    }))
    .filter(({ command, cwd }) => command !== '' && (command.includes(dir) || cwd.startsWith(dir)));

/** A script of ours in a process of its own, which a test may kill. */
export interface Probe {
  readonly child: ChildProcess;
  /** Settles with the next whole line that it prints, or fails with what it complained of when it ends before. */
  readonly line: () => Promise<string>;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; errors: string }>;
}

export const startProbe = (script: string, ...args: readonly string[]): Probe => {
  const command = ['--import', join(SUPPORT, 'ts-loader.mjs'), join(SUPPORT, script), ...args];
  const child = spawn(process.execPath, command, {
    cwd: join(SUPPORT, '../..'),
    env: { ...process.env, NODE_OPTIONS: '' },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    child.emit('output');
  });
  const ended: Probe['ended'] = new Promise((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code, signal, errors });
    });
  });
  const take = (): string | undefined => {
    const end = output.indexOf('\n');
    if (end < 0) return undefined;
    const found = output.slice(0, end);
    output = output.slice(end + 1);
    return found;
  };
  const line = async (): Promise<string> => {
    for (;;) {
      const found = take();
      if (found !== undefined) return found;
      const last = await Promise.race([ended, new Promise<undefined>((resolve) => child.once('output', resolve))]);
      if (last !== undefined && !output.includes('\n')) throw new Error(last.errors.trim());
    }
  };
  return { child, line, ended };
};
