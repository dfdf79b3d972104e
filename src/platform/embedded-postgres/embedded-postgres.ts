import { resolve } from 'node:path';
import pg from 'pg';
import { reasonOf } from './embedded-postgres.error.js';
import { dismissGuardian, Guardian } from './guardian.js';
import { InstanceLock } from './instance-lock.js';
import { locateBinaries, type PostgresBinaries } from './postgres-binaries.js';
import { ensureCluster, hasCluster } from './postgres-cluster.js';
import {
  APP_ROLE,
  loadCredentials,
  OWNER_ROLE,
  type PostgresCredentials,
  saveCredentials,
  urlOf,
} from './postgres-credentials.js';
import { ensureDatabase } from './postgres-roles.js';
import { choosePostgresUser, clusterDirOf, type PostgresUser, prepareDataDir } from './postgres-user.js';
import {
  findPostmaster,
  freePort,
  isAsWeWouldStartIt,
  type PidFile,
  startPostmaster,
  stopPostmaster,
  untilReady,
} from './postmaster.js';
import { Supervisor } from './supervisor.js';

const PORT_ATTEMPTS = 5;
const ADOPTION_PATIENCE_MS = 10_000;

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  /** Without it a free one is chosen, and kept as long as it stays free. */
  readonly port?: number;
  readonly log: Pick<Console, 'info' | 'warn'>;
}

interface Place {
  readonly dataDir: string;
  readonly binaries: PostgresBinaries;
  readonly user: PostgresUser;
}

const answers = async (url: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3000, query_timeout: 3000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
};

/** Takes over a PostgreSQL that outlived its parent, or stops it when it is not fit to be used. */
const adopt = async (
  place: Place,
  credentials: PostgresCredentials,
  port: number | undefined,
): Promise<PidFile | undefined> => {
  const clusterDir = clusterDirOf(place.dataDir);
  const found = findPostmaster(place.dataDir);
  if (found === undefined) return undefined;
  if (isAsWeWouldStartIt(found.pid, place.binaries, clusterDir, port ?? found.port)) {
    const ready = await untilReady(clusterDir, found.pid, ADOPTION_PATIENCE_MS);
    if (ready !== undefined && (await answers(urlOf(APP_ROLE, ready.port, credentials)))) return ready;
  }
  await stopPostmaster(found.pid);
  return undefined;
};

const startOn = async (place: Place, port: number | undefined, remembered: number | undefined): Promise<PidFile> => {
  const start = (on: number): Promise<PidFile> => startPostmaster(place.dataDir, place.binaries, place.user, on);
  if (port !== undefined) return start(port);
  // Between the look and the start somebody else may take the port.
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await freePort(attempt === 1 ? remembered : 0));
    } catch (error) {
      if (attempt === PORT_ATTEMPTS || !reasonOf(error).includes('TCP/IP sockets')) throw error;
    }
  }
};

/** A real PostgreSQL of this data directory alone, which lives as long as the process that started it. */
export class EmbeddedPostgres {
  private stopping: Promise<void> | undefined;

  private constructor(
    /** As the application: may change rows, not the tables of the migrations. */
    readonly url: string,
    /** As the owner of the database, for migrations. */
    readonly ownerUrl: string,
    readonly version: string,
    private readonly end: () => Promise<void>,
  ) {}

  /** Returns when PostgreSQL answers; refuses a data directory that another process uses. */
  static async start({ dataDir: given, port, log }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    const dataDir = resolve(given);
    const binaries = locateBinaries();
    prepareDataDir(dataDir);
    const place = { dataDir, binaries, user: choosePostgresUser(clusterDirOf(dataDir), binaries.postgres) };
    const lock = InstanceLock.acquire(dataDir);
    try {
      await dismissGuardian(lock.previous?.guardian);
      return await EmbeddedPostgres.open(place, lock, port, log);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  private static async open(
    place: Place,
    lock: InstanceLock,
    port: number | undefined,
    log: EmbeddedPostgresOptions['log'],
  ): Promise<EmbeddedPostgres> {
    const { dataDir } = place;
    const credentials = loadCredentials(dataDir, hasCluster(dataDir));
    await ensureCluster(dataDir, place.binaries, place.user, credentials);
    const guardian = await Guardian.start(clusterDirOf(dataDir));
    lock.write({ pid: process.pid, guardian: guardian.identity });
    try {
      const adopted = await adopt(place, credentials, port);
      if (adopted !== undefined) log.info('Took over the PostgreSQL that an earlier process had left running.');
      const running = adopted ?? (await startOn(place, port, credentials.port));
      const kept = { ...credentials, port: running.port };
      saveCredentials(dataDir, kept);
      const version = await ensureDatabase(running.port, kept);
      const restart = async (): Promise<number> => (await startOn(place, running.port, undefined)).pid;
      const supervisor = new Supervisor(running.pid, restart, log);
      return new EmbeddedPostgres(
        urlOf(APP_ROLE, running.port, kept),
        urlOf(OWNER_ROLE, running.port, kept),
        version,
        async () => {
          await stopPostmaster(await supervisor.end());
          await guardian.dismiss();
          lock.release();
        },
      );
    } catch (error) {
      const left = findPostmaster(dataDir);
      if (left !== undefined) await stopPostmaster(left.pid);
      await guardian.dismiss();
      throw error;
    }
  }

  /** Ends PostgreSQL and everything that watched over it; may be called again. */
  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }
}
