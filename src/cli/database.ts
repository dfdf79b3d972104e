import { mkdirSync } from 'node:fs';

import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';

import { AppModule } from '../app.module.js';
import { dataDirOf, type DatabaseUrls } from '../config/config.slices.js';
import type { Env } from '../config/env.js';
import { EmbeddedPostgres } from '../platform/embedded-postgres/embedded-postgres.js';
import { findRunningPostgres } from '../platform/embedded-postgres/running-postgres.js';
import { migrateForThisBuild } from '../platform/prisma/database-startup.js';

const SILENT = { info: () => undefined, warn: () => undefined };

interface Database {
  readonly urls: DatabaseUrls;
  stop(): Promise<void>;
}

const openDatabase = async (env: Env): Promise<Database> => {
  const stop = (): Promise<void> => Promise.resolve();
  if (env.DATABASE_URL !== undefined) {
    return { urls: { url: env.DATABASE_URL, ownerUrl: env.DATABASE_OWNER_URL ?? env.DATABASE_URL }, stop };
  }
  const dataDir = dataDirOf(env);
  mkdirSync(dataDir, { recursive: true });
  try {
    const postgres = await EmbeddedPostgres.start({ dataDir, log: SILENT });
    const { url, ownerUrl } = postgres;
    return { urls: { url, ownerUrl }, stop: () => postgres.stop() };
  } catch (error) {
    // The server is running, and its PostgreSQL with it: we are guests there.
    const urls = findRunningPostgres(dataDir);
    if (urls === undefined) throw error;
    return { urls, stop };
  }
};

/** Runs a command on the application as it stands beside a running server: nothing of it starts. */
export const withApplication = async <T>(env: Env, run: (app: INestApplicationContext) => Promise<T>): Promise<T> => {
  const database = await openDatabase(env);
  try {
    await migrateForThisBuild(database.urls.ownerUrl, SILENT);
    const module = AppModule.with({ env, database: database.urls });
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest takes a literal for its class
    const app = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
    try {
      return await run(app);
    } finally {
      await app.close();
    }
  } finally {
    await database.stop();
  }
};
