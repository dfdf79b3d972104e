import { type ChildProcess, spawn } from 'node:child_process';
import { commandOf, isRunning, signal, startedAt, waitForExit } from './process-table.js';

describe('the process table', () => {
  let child: ChildProcess;
  let pid: number;

  beforeEach(async () => {
    child = spawn('/bin/sh', ['-c', 'while :; do sleep 1; done', 'a name (with) brackets'], { stdio: 'ignore' });
    await new Promise((resolve) => child.once('spawn', resolve));
    pid = child.pid ?? 0;
  });

  afterEach(() => {
    child.kill('SIGKILL');
  });

  it('tells processes apart by the time of their start, which does not change', () => {
    expect(startedAt(pid)).toMatch(/\S/);
    expect(startedAt(pid)).toBe(startedAt(pid));
    expect(startedAt(pid)).not.toBe(startedAt(1));
  });

  it('shows the words of its command', () => {
    expect(commandOf(pid)).toContain('a name (with) brackets');
  });

  it('knows when a process is gone', async () => {
    expect(isRunning(pid)).toBe(true);
    expect(await waitForExit(pid, 60)).toBe(false);
    expect(signal(pid, 'SIGKILL')).toBe(true);
    expect(await waitForExit(pid, 5000)).toBe(true);
    expect(commandOf(2 ** 22 + 1).join('')).toBe('');
    expect(startedAt(2 ** 22 + 1)).toBeUndefined();
    expect(signal(2 ** 22 + 1, 'SIGTERM')).toBe(false);
  });
});
