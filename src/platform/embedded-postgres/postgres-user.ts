import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';

/** As whom PostgreSQL runs; empty when it runs as ourselves. */
export interface PostgresUser {
  readonly uid?: number;
  readonly gid?: number;
  /** A program and its arguments to start PostgreSQL through. */
  readonly through: readonly string[];
}

const SETPRIV = '/usr/bin/setpriv';
/** Lets a process pass through directories that are closed to its user; the first one cannot write. */
const PASSING_CAPABILITIES = [
  { name: 'dac_read_search', bit: 2n },
  { name: 'dac_override', bit: 1n },
] as const;

const accountOf = (name: string): { uid: number; gid: number } | undefined => {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
};

const ownerOf = (dir: string): { uid: number; gid: number } | undefined => {
  if (!existsSync(dir)) return undefined;
  const { uid, gid } = statSync(dir);
  return uid === 0 ? undefined : { uid, gid };
};

const ancestors = (dir: string): string[] => {
  const parent = dirname(dir);
  return parent === dir ? [dir] : [...ancestors(parent), dir];
};

/** The outermost directory on the way to `dir` which that user may not pass. */
export const closedTo = ({ uid, gid }: { uid: number; gid: number }, dir: string): string | undefined =>
  ancestors(resolve(dir)).find((path) => {
    const stat = statSync(path);
    const bit = stat.uid === uid ? 0o100 : stat.gid === gid ? 0o010 : 0o001;
    return (stat.mode & bit) === 0;
  });

const passingCapability = (): string | undefined => {
  if (!existsSync(SETPRIV)) return undefined;
  const mask = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return PASSING_CAPABILITIES.find(({ bit }) => ((BigInt(`0x${mask}`) >> bit) & 1n) === 1n)?.name;
};

/** Makes the data directory, open to others only as far as the user of PostgreSQL must pass through it. */
export const prepareDataDir = (dataDir: string): void => {
  const isRoot = process.getuid?.() === 0;
  const mode = isRoot ? 0o711 : 0o700;
  const first = mkdirSync(dataDir, { recursive: true, mode });
  if (first !== undefined) {
    for (const dir of ancestors(dataDir).filter((path) => path.startsWith(first))) chmodSync(dir, mode);
  } else if (isRoot && (statSync(dataDir).mode & 0o001) === 0) {
    chmodSync(dataDir, (statSync(dataDir).mode & 0o777) | 0o001);
  }
  try {
    accessSync(dataDir, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new EmbeddedPostgresError(`The data directory ${dataDir} cannot be written: set DATA_DIR to one that can.`, {
      cause,
    });
  }
};

/** Chooses the user: PostgreSQL refuses root, so that root lends it an account without rights. */
export const choosePostgresUser = (clusterDir: string, binary: string): PostgresUser => {
  if (process.getuid?.() !== 0) return { through: [] };
  const account = ownerOf(clusterDir) ?? accountOf('postgres') ?? accountOf('nobody');
  if (account === undefined) {
    throw new EmbeddedPostgresError(
      'PostgreSQL does not run as root and this system has neither a user "postgres" nor "nobody": start as another user, or set DATABASE_URL.',
    );
  }
  const closed = closedTo(account, dirname(clusterDir)) ?? closedTo(account, dirname(binary));
  if (closed === undefined) return { ...account, through: [] };
  const capability = passingCapability();
  if (capability === undefined) {
    throw new EmbeddedPostgresError(
      `PostgreSQL does not run as root, and its user (uid ${String(account.uid)}) may not pass through ${closed}: start as another user, or move the project and DATA_DIR to a place such as /srv or /var/lib.`,
    );
  }
  return { ...account, through: throughClosedDirectories(account, capability) };
};

const throughClosedDirectories = ({ uid, gid }: { uid: number; gid: number }, capability: string): string[] => [
  SETPRIV,
  `--reuid=${String(uid)}`,
  `--regid=${String(gid)}`,
  '--clear-groups',
  `--inh-caps=-all,+${capability}`,
  `--ambient-caps=-all,+${capability}`,
  `--bounding-set=-all,+${capability}`,
  '--',
];

/** How to start a program as that user. */
export const commandAs = (
  user: PostgresUser,
  binary: string,
  args: readonly string[],
): { file: string; args: string[]; identity: { uid?: number; gid?: number } } => {
  const [file, ...rest] = [...user.through, binary, ...args];
  const isDirect = user.through.length === 0 && user.uid !== undefined && user.gid !== undefined;
  return { file: file ?? binary, args: rest, identity: isDirect ? { uid: user.uid, gid: user.gid } : {} };
};

export const clusterDirOf = (dataDir: string): string => join(dataDir, 'postgres');
