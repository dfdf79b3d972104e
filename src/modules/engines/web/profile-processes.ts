import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

import { commandOf, signal, startedAt, waitForExit } from '../../../platform/embedded-postgres/process-table.js';

const isLinux = process.platform === 'linux';

const allProcesses = (): number[] => {
  try {
    const names = isLinux
      ? readdirSync('/proc')
      : execFileSync('ps', ['-axo', 'pid='], { encoding: 'utf8' }).split('\n');
    return names.map(Number).filter((pid) => Number.isInteger(pid) && pid > 1 && pid !== process.pid);
  } catch {
    return [];
  }
};

const groupOf = (pid: number): number | null => {
  try {
    if (!isLinux) return Number(execFileSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }));
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
  } catch {
    return null;
  }
};

const isHolder = (pid: number, directory: string): boolean => commandOf(pid).includes(`--user-data-dir=${directory}`);

/** A process that was seen; the time of its start tells it from a later one with the same number. */
export interface SeenProcess {
  readonly pid: number;
  readonly startedAt: string | undefined;
}

const see = (pid: number): SeenProcess => ({ pid, startedAt: startedAt(pid) });

/** The browser that was started with this very profile, and its process group: its helpers may not name the profile. */
export const findHolders = (directory: string): readonly SeenProcess[] => {
  const processes = allProcesses();
  const holders = processes.filter((pid) => isHolder(pid, directory));
  if (holders.length === 0) return [];
  // A group is taken whole only when its leader names this profile, too.
  const groups = new Set(holders.map(groupOf).filter((group) => group !== null && isHolder(group, directory)));
  return processes.filter((pid) => holders.includes(pid) || groups.has(groupOf(pid))).map(see);
};

/** Waits until these very processes are gone, and kills what is not gone by itself; false when some remain. */
export const endProcesses = async (
  seen: readonly SeenProcess[],
  limits: { readonly graceMs: number; readonly killMs: number },
): Promise<boolean> => {
  const end = async ({ pid, startedAt: start }: SeenProcess): Promise<boolean> => {
    const isThere = (): boolean => start !== undefined && startedAt(pid) === start;
    const deadline = performance.now() + limits.graceMs;
    while (isThere() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
    if (!isThere()) return true;
    signal(pid, 'SIGKILL');
    return waitForExit(pid, limits.killMs);
  };
  return (await Promise.all(seen.map(end))).every(Boolean);
};
