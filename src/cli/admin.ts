import { mkdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';

import { NestFactory } from '@nestjs/core';

import { AppModule } from '../app.module.js';
import { dataDirOf, type DatabaseUrls } from '../config/config.slices.js';
import { type Env, parseEnv } from '../config/env.js';
import { UserRescue } from '../modules/identity/index.js';
import { EmbeddedPostgres } from '../platform/embedded-postgres/embedded-postgres.js';
import { findRunningPostgres } from '../platform/embedded-postgres/running-postgres.js';
import { migrateForThisBuild } from '../platform/prisma/database-startup.js';
import { type AdminCommand, parseAdminCommand, passwordFrom, USAGE } from './admin-command.js';

const EXIT_USAGE = 2;
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

const rescue = async (env: Env, urls: DatabaseUrls, { verb, email }: AdminCommand): Promise<string> => {
  const password = process.stdin.isTTY ? undefined : passwordFrom(await text(process.stdin));
  if (password === null) throw new Error('The password must have 12 to 1024 characters.');
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest takes a literal for its class
  const context = await NestFactory.createApplicationContext(AppModule.with({ env, database: urls }), {
    logger: false,
    abortOnError: false,
  });
  try {
    const people = context.get(UserRescue, { strict: false });
    const command = { email, password };
    const done = verb === 'create' ? await people.createAdministrator(command) : await people.resetPassword(command);
    const what = verb === 'create' ? `${email} is an administrator now.` : `${email} has a new password.`;
    return done.generatedPassword === undefined ? what : `${what}\nPassword: ${done.generatedPassword}`;
  } finally {
    await context.close();
  }
};

const main = async (): Promise<number> => {
  const command = parseAdminCommand(process.argv.slice(2));
  if (command === null) {
    process.stderr.write(USAGE);
    return EXIT_USAGE;
  }
  const env = parseEnv(process.env);
  const database = await openDatabase(env);
  try {
    await migrateForThisBuild(database.urls.ownerUrl, SILENT);
    process.stdout.write(`${await rescue(env, database.urls, command)}\n`);
    return 0;
  } finally {
    await database.stop();
  }
};

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
