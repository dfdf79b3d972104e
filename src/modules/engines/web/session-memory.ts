import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the browser of one session takes. */
export interface SessionMemory {
  readonly sessionId: string;
  readonly processes: number;
  /** Proportional set size: a page that several processes share is counted in parts. Null when it may not be read. */
  readonly pssBytes: number | null;
}

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly command: string;
}

const PROFILE = /^--user-data-dir=(.+)$/;

const read = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended meanwhile, or belongs to somebody else.
    return null;
  }
};

const entryOf = (root: string, pid: number): ProcessEntry[] => {
  const stat = read(join(root, String(pid), 'stat'));
  if (stat === null) return [];
  const [, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const command = read(join(root, String(pid), 'cmdline')) ?? '';
  return [{ pid, parent: Number(parent), group: Number(group), command }];
};

/** The session whose profile this process was started with. */
const sessionOf = ({ command }: ProcessEntry, sessionPath: string): string | null => {
  const profiles = command.split('\0').flatMap((word) => PROFILE.exec(word)?.[1] ?? []);
  const prefix = join(sessionPath, 'session-');
  const profile = profiles.find((path) => path.startsWith(prefix));
  return profile === undefined ? null : profile.slice(prefix.length);
};

/** The browser and all that it has started: its helpers do not all name the profile. */
const familyOf = (head: ProcessEntry, all: readonly ProcessEntry[]): readonly ProcessEntry[] => {
  const family = new Set([head.pid]);
  for (let before = 0; before < family.size;) {
    before = family.size;
    for (const { pid, parent, group } of all) if (family.has(parent) || group === head.pid) family.add(pid);
  }
  return all.filter(({ pid }) => family.has(pid));
};

const pssOf = (root: string, family: readonly ProcessEntry[]): number | null => {
  let bytes = 0;
  for (const { pid } of family) {
    const rollup = read(join(root, String(pid), 'smaps_rollup'));
    const kilobytes = /^Pss:\s+(\d+) kB/m.exec(rollup ?? '')?.[1];
    if (kilobytes !== undefined) bytes += Number(kilobytes) * 1024;
    // Gone is nothing; there and closed to us would be a figure that is too small.
    else if (read(join(root, String(pid), 'stat')) !== null) return null;
  }
  return bytes;
};

/** Every session with a browser on this machine whose profile lies here, the largest first. Linux only. */
export const readSessionMemory = (sessionPath: string, root = '/proc'): readonly SessionMemory[] => {
  const pids = readdirSync(root).map(Number).filter(Number.isInteger);
  const all = pids.flatMap((pid) => entryOf(root, pid));
  const heads = new Map<string, ProcessEntry>();
  for (const entry of all) {
    const sessionId = sessionOf(entry, sessionPath);
    const known = sessionId === null ? undefined : heads.get(sessionId);
    // The first one of them all is the browser: the others are its children.
    if (sessionId !== null && (known === undefined || entry.pid === known.parent)) heads.set(sessionId, entry);
  }
  const memory = [...heads].map(([sessionId, head]) => {
    const family = familyOf(head, all);
    return { sessionId, processes: family.length, pssBytes: pssOf(root, family) };
  });
  return memory.sort((a, b) => (b.pssBytes ?? 0) - (a.pssBytes ?? 0));
};
