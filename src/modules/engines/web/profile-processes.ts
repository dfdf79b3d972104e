import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

import { commandOf, isRunning, signal, waitForExit } from '../../../platform/embedded-postgres/process-table.js';

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

/** The processes of the browser that were started with this very profile; its helpers may not name it. */
export const findHolders = (directory: string): readonly number[] =>
  allProcesses().filter((pid) => isHolder(pid, directory) && isRunning(pid));

/**
 * Kills what holds the profile and waits until it is gone, with its process group: a stopped helper would outlive its
 * browser. Nothing else is touched: a group goes only when its leader names this profile, too.
 */
export const killHolders = async (directory: string, timeoutMs: number): Promise<boolean> => {
  const holders = findHolders(directory);
  const groups = new Set(holders.map(groupOf).filter((group) => group !== null && isHolder(group, directory)));
  const doomed = new Set([...holders, ...allProcesses().filter((pid) => groups.has(groupOf(pid)))]);
  for (const pid of doomed) signal(pid, 'SIGKILL');
  const gone = await Promise.all([...doomed].map((pid) => waitForExit(pid, timeoutMs)));
  return gone.every(Boolean);
};
