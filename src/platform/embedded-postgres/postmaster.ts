import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import { type PostgresBinaries } from './postgres-binaries.js';
import { clusterDirOf, commandAs, type PostgresUser } from './postgres-user.js';
import { commandOf, isRunning, signal, waitForExit } from './process-table.js';

const LOG_BYTES = 10 * 1024 * 1024;
const FAST_SHUTDOWN_MS = 20_000;
const IMMEDIATE_SHUTDOWN_MS = 5_000;
/** Recovery after a crash replays the log of the database, which may take long; it is waited for while it runs. */
const START_TIMEOUT_MS = 600_000;
const POLL_MS = 15;

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  // TCP alone: the path of a socket may be at most 107 bytes long, which a data directory can exceed.
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  max_connections: '200',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // A failed statement and the detail of its error quote the values of rows.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
} as const;

/** What PostgreSQL writes about its own process. */
export interface PidFile {
  readonly pid: number;
  readonly port: number;
  readonly status: string;
}

const readPidFile = (clusterDir: string): PidFile | undefined => {
  try {
    const lines = readFileSync(join(clusterDir, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]), status: (lines[7] ?? '').trim() };
  } catch {
    return undefined;
  }
};

const isPostmasterOf = (pid: number, clusterDir: string): boolean => {
  const [program = '', ...args] = commandOf(pid);
  return /(^|\/)postgres$/.test(program) && args.includes(clusterDir) && isRunning(pid);
};

/** The process that serves the data directory now, whoever started it. */
export const findPostmaster = (dataDir: string): PidFile | undefined => {
  const clusterDir = clusterDirOf(dataDir);
  const found = readPidFile(clusterDir);
  return found !== undefined && isPostmasterOf(found.pid, clusterDir) ? found : undefined;
};

const argumentsFor = (clusterDir: string, port: number): string[] => [
  '-D',
  clusterDir,
  ...Object.entries({ ...SETTINGS, port: String(port) }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
];

/** Whether that process is what we would start now: another build may have had other programs or settings. */
export const isAsWeWouldStartIt = (
  pid: number,
  binaries: PostgresBinaries,
  clusterDir: string,
  port: number,
): boolean => {
  const wanted = [binaries.postgres, ...argumentsFor(clusterDir, port)];
  const found = commandOf(pid);
  return existsSync(binaries.postgres) && wanted.every((word, index) => found[index] === word);
};

/** Asks PostgreSQL to end, more firmly each time, and returns when it is gone. */
export const stopPostmaster = async (pid: number): Promise<void> => {
  signal(pid, 'SIGINT');
  if (await waitForExit(pid, FAST_SHUTDOWN_MS)) return;
  signal(pid, 'SIGQUIT');
  if (await waitForExit(pid, IMMEDIATE_SHUTDOWN_MS)) return;
  signal(pid, 'SIGKILL');
  await waitForExit(pid, IMMEDIATE_SHUTDOWN_MS);
};

export const freePort = async (wanted = 0): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => {
      if (wanted === 0) reject(error);
      else freePort().then(resolve, reject);
    });
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : wanted);
      });
    });
  });

const openLog = (dataDir: string): { fd: number; path: string; from: number } => {
  const path = join(dataDir, 'postgres.log');
  if (existsSync(path) && statSync(path).size > LOG_BYTES) renameSync(path, `${path}.1`);
  const fd = openSync(path, 'a', 0o600);
  return { fd, path, from: statSync(path).size };
};

const complaintIn = (path: string, from: number): string => {
  const lines = readFileSync(path).subarray(from).toString('utf8').split('\n');
  const line = lines.findLast((text) => /(FATAL|PANIC):/.test(text)) ?? lines.findLast((text) => text.trim() !== '');
  return line?.replace(/^.*?(FATAL|PANIC|LOG):\s*/, '') ?? 'it ended without a word';
};

/** Starts PostgreSQL on the data directory and returns its process once it answers. */
export const startPostmaster = async (
  dataDir: string,
  binaries: PostgresBinaries,
  user: PostgresUser,
  port: number,
): Promise<PidFile> => {
  const clusterDir = clusterDirOf(dataDir);
  const log = openLog(dataDir);
  const command = commandAs(user, binaries.postgres, argumentsFor(clusterDir, port));
  const child = spawn(command.file, command.args, {
    ...command.identity,
    cwd: '/',
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    // Its own session: a signal to our process group must not reach it while clients still drain.
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  closeSync(log.fd);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  child.unref();
  const ready = await untilReady(clusterDir, child.pid, START_TIMEOUT_MS);
  if (ready !== undefined) return ready;
  if (child.pid !== undefined) await stopPostmaster(child.pid);
  throw new EmbeddedPostgresError(`PostgreSQL did not start: ${complaintIn(log.path, log.from)}`);
};

/** Waits until PostgreSQL takes connections; nothing when it ends before, or takes longer. */
export const untilReady = async (
  clusterDir: string,
  pid: number | undefined,
  timeoutMs: number,
): Promise<PidFile | undefined> => {
  const deadline = performance.now() + timeoutMs;
  while (pid !== undefined && isRunning(pid) && performance.now() < deadline) {
    const found = readPidFile(clusterDir);
    if (found?.pid === pid && found.status === 'ready') return found;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return undefined;
};
