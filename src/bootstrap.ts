import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';

import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DynamicModule, LoggerService, Type } from '@nestjs/common';

import { AppModule } from './app.module.js';
import { createAdapter, setUp } from './app.setup.js';
import { dataDirOf, type DatabaseUrls, HttpConfig, sliceEnv } from './config/config.slices.js';
import { type Env, parseEnv } from './config/env.js';
import { SetupLink } from './modules/identity/index.js';
import { EmbeddedPostgres } from './platform/embedded-postgres/embedded-postgres.js';
import { InstanceLock } from './platform/embedded-postgres/instance-lock.js';
import type { Checkpoints } from './platform/lifecycle/checkpoints.js';
import { DatabaseStartup } from './platform/prisma/database-startup.js';

export interface WaypostOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly log: Pick<Console, 'info' | 'warn'>;
  readonly nestLogger: LoggerService;
  /** Modules of another application that run in this process; their routes state who may call them, as ours do. */
  readonly modules?: readonly (Type | DynamicModule)[];
  readonly checkpoints?: Checkpoints;
}

export interface RunningWaypost {
  readonly app: NestFastifyApplication;
  /** `http://host:port` as people on this machine reach it. */
  readonly url: string;
  /** Resolves when the database is migrated and everything has started; rejects when it never will. */
  readonly started: Promise<void>;
  /** Lets go of everything in order; safe to call twice. */
  stop(): Promise<void>;
}

interface Database {
  readonly urls: DatabaseUrls;
  stop(): Promise<void>;
}

const openDatabase = async (env: Env, dataDir: string, log: WaypostOptions['log']): Promise<Database> => {
  if (env.DATABASE_URL !== undefined) {
    const urls = { url: env.DATABASE_URL, ownerUrl: env.DATABASE_OWNER_URL ?? env.DATABASE_URL };
    // The embedded one holds the directory itself; here two processes on it would take each other's leases for their own.
    const lock = InstanceLock.acquire(dataDir);
    const stop = (): Promise<void> => {
      lock.release();
      return Promise.resolve();
    };
    return { urls, stop };
  }
  const postgres = await EmbeddedPostgres.start({ dataDir, log });
  const { url, ownerUrl } = postgres;
  return { urls: { url, ownerUrl }, stop: () => postgres.stop() };
};

const createApp = async (
  options: WaypostOptions,
  env: Env,
  database: DatabaseUrls,
): Promise<NestFastifyApplication> => {
  const http = sliceEnv(env, database).find(({ provide }) => provide === HttpConfig)?.useValue as HttpConfig;
  const { modules = [], checkpoints } = options;
  const module = AppModule.with({ env, database, modules, ...(checkpoints && { checkpoints }) });
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest takes a literal for its class
  const app = await NestFactory.create<NestFastifyApplication>(module, createAdapter(http), {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(options.nestLogger);
  return setUp(app, http);
};

const reachableUrl = ({ HOST, PUBLIC_URL }: Env, { port }: AddressInfo): string => {
  if (PUBLIC_URL !== undefined) return PUBLIC_URL.replace(/\/$/, '');
  const host = HOST === '0.0.0.0' || HOST === '::' || HOST === '127.0.0.1' ? 'localhost' : HOST;
  return `http://${host}:${String(port)}`;
};

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException).code ?? error);

const makeDataDir = (path: string): void => {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new Error(`The data directory ${path} cannot be made (${codeOf(cause)}): set DATA_DIR to another one.`, {
      cause,
    });
  }
};

const LISTEN_FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there already. Stop it, or set PORT to another one',
  EADDRNOTAVAIL: 'this machine has no such address. Set HOST to one that it has',
  EACCES: 'this user may not listen there. Set PORT to one above 1023',
};

const listen = async (app: NestFastifyApplication, { HOST, PORT }: Env): Promise<void> => {
  try {
    await app.listen(PORT, HOST);
  } catch (cause) {
    const why = LISTEN_FAULTS[codeOf(cause)];
    if (why === undefined) throw cause;
    throw new Error(`Waypost cannot listen on ${HOST}:${String(PORT)}: ${why}.`, { cause });
  }
};

/** Starts the whole server: database, HTTP, migrations, features. Rejects with one sentence when it cannot. */
export const startWaypost = async (options: WaypostOptions): Promise<RunningWaypost> => {
  const env = parseEnv(options.environment);
  const dataDir = dataDirOf(env);
  makeDataDir(dataDir);
  const database = await openDatabase(env, dataDir, options.log);
  let app: NestFastifyApplication | undefined;
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopping ??= (async (): Promise<void> => {
      await app?.close();
      await database.stop();
    })());
  try {
    app = await createApp(options, env, database.urls);
    await listen(app, env);
    const url = reachableUrl(env, app.getHttpServer().address() as AddressInfo);
    await app.get(SetupLink).announce(url);
    const started = app.get(DatabaseStartup).run();
    return { app, url, started, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
