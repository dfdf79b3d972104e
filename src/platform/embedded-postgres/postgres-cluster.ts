import { spawn } from 'node:child_process';
import { chownSync, existsSync, lchownSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PostgresBinaries } from './postgres-binaries.js';
import { type PostgresCredentials, SUPERUSER } from './postgres-credentials.js';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import { clusterDirOf, commandAs, type PostgresUser } from './postgres-user.js';

const ASIDE = 'postgres.init-';
const MAJOR_VERSION = '18';

const run = async (file: string, args: readonly string[], identity: object): Promise<void> => {
  const child = spawn(file, args, {
    ...identity,
    cwd: '/',
    // Nothing of our own environment: it holds secrets, and PGDATA or a locale would change the cluster.
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-4000)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code === 0) return;
  const line = complaint.split('\n').find((text) => /error|fatal|could not/i.test(text)) ?? complaint.trim();
  const hint = line.includes('look up effective user')
    ? ': give this user an entry in /etc/passwd, or set DATABASE_URL'
    : '';
  const what = line.replace(/^(initdb: |.*?(FATAL|PANIC|error): +)+/, '') || `initdb ended with ${String(code)}`;
  throw new EmbeddedPostgresError(`The database could not be made: ${what}${hint}.`);
};

const chownAll = (dir: string, uid: number, gid: number): void => {
  lchownSync(dir, uid, gid);
  for (const entry of readdirSync(dir, { withFileTypes: true, recursive: true })) {
    lchownSync(join(entry.parentPath, entry.name), uid, gid);
  }
};

const removeHalfMade = (dataDir: string): void => {
  for (const name of readdirSync(dataDir).filter((entry) => entry.startsWith(ASIDE))) {
    // An initdb that outlived its parent may still write there; it ends by itself, and the next start removes the rest.
    rmSync(join(dataDir, name), { recursive: true, force: true, maxRetries: 3 });
  }
};

const initialise = async (
  dataDir: string,
  initdb: string,
  user: PostgresUser,
  credentials: PostgresCredentials,
): Promise<void> => {
  const aside = mkdtempSync(join(dataDir, ASIDE));
  const passwordFile = join(aside, 'password');
  writeFileSync(passwordFile, credentials.passwords[SUPERUSER], { mode: 0o600 });
  if (user.uid !== undefined && user.gid !== undefined) {
    chownSync(aside, user.uid, user.gid);
    chownSync(passwordFile, user.uid, user.gid);
  }
  const command = commandAs(user, initdb, [
    `--pgdata=${join(aside, 'cluster')}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--data-checksums',
  ]);
  try {
    await run(command.file, command.args, command.identity);
    // A cluster appears whole or not at all, whatever kills us before this line.
    renameSync(join(aside, 'cluster'), clusterDirOf(dataDir));
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
};

const adjustOwner = (clusterDir: string, user: PostgresUser): void => {
  const owner = statSync(clusterDir).uid;
  const wanted = user.uid ?? process.getuid?.() ?? owner;
  if (owner === wanted) return;
  if (user.uid === undefined || user.gid === undefined) {
    throw new EmbeddedPostgresError(
      `The database in ${clusterDir} belongs to the user with uid ${String(owner)}: start as that user or as root.`,
    );
  }
  chownAll(clusterDir, user.uid, user.gid);
};

export const hasCluster = (dataDir: string): boolean => existsSync(join(clusterDirOf(dataDir), 'PG_VERSION'));

/** Makes the cluster of the data directory when there is none, and refuses one that these programs cannot open. */
export const ensureCluster = async (
  dataDir: string,
  binaries: PostgresBinaries,
  user: PostgresUser,
  credentials: PostgresCredentials,
): Promise<void> => {
  const clusterDir = clusterDirOf(dataDir);
  removeHalfMade(dataDir);
  if (!hasCluster(dataDir)) {
    if (existsSync(clusterDir)) {
      throw new EmbeddedPostgresError(`${clusterDir} is not a database: move it away, or restore it from a backup.`);
    }
    await initialise(dataDir, binaries.initdb, user, credentials);
  }
  adjustOwner(clusterDir, user);
  const version = readFileSync(join(clusterDir, 'PG_VERSION'), 'utf8').trim();
  if (version !== MAJOR_VERSION) {
    throw new EmbeddedPostgresError(
      `The database in ${clusterDir} was made by PostgreSQL ${version} and this build brings ${MAJOR_VERSION}: dump it with the old build and restore it here.`,
    );
  }
};
