import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const hasProc = process.platform === 'linux';

const ps = (pid: number, column: string): string => {
  try {
    return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
};

const proc = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${String(pid)}/${file}`, 'utf8');
  } catch {
    return '';
  }
};

/** When the process began, as the kernel tells it; `undefined` once it is gone or only waits to be reaped. */
export const startedAt = (pid: number): string | undefined => {
  if (!hasProc) return ps(pid, 'lstart') || undefined;
  // The name in brackets may hold spaces, so the fields are counted from its end.
  const stat = proc(pid, 'stat');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  return state === undefined || state === '' || state === 'Z' || state === 'X' ? undefined : fields[19];
};

export const isRunning = (pid: number): boolean => startedAt(pid) !== undefined;

/** The words with which the process was started. */
export const commandOf = (pid: number): readonly string[] =>
  hasProc ? proc(pid, 'cmdline').split('\0') : ps(pid, 'command').split(' ');

/** Sends the signal, and says whether there was a process to take it. */
export const signal = (pid: number, name: NodeJS.Signals): boolean => {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
};

/** Waits until the process is gone, and says whether it went in time. */
export const waitForExit = async (pid: number, timeoutMs: number): Promise<boolean> => {
  const deadline = performance.now() + timeoutMs;
  while (isRunning(pid)) {
    if (performance.now() >= deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
};
