import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';

import { AppModule } from '../../src/app.module.js';
import { createAdapter, setUp } from '../../src/app.setup.js';
import { HttpConfig } from '../../src/config/config.slices.js';
import { parseEnv } from '../../src/config/env.js';
import { sliceEnv } from '../../src/config/config.slices.js';
import type { Checkpoints } from '../../src/platform/lifecycle/checkpoints.js';
import { Lifecycle } from '../../src/platform/lifecycle/lifecycle.js';
import { HttpClient } from './http-client.js';
import { findViolations, type Query } from './invariants.js';
import { plant } from './leak-probe.js';
import { findMediaFaults } from './media-invariants.js';
import { type Checked, openApps } from './open-apps.js';
import { testLogger } from './test-log.js';
import { createTestDatabase, type TestDatabase } from './test-postgres.js';
import { UNLIMITED } from './unlimited.js';

export type TestRole = 'ADMIN' | 'OPERATOR' | 'VIEWER';

export const ADMIN_EMAIL = 'admin@example.org';
export const ADMIN_PASSWORD = 'a plain long passphrase';

/** What a spec breaks on purpose, as the invariants would name it, and why. */
interface BrokenOnPurpose {
  readonly faults: RegExp;
  readonly because: string;
}

/** What is only so for a moment is let pass. */
const WHOLE_WITHIN_MS = 15_000;

export interface TestAppOptions {
  readonly brokenOnPurpose?: BrokenOnPurpose;
  readonly env?: Partial<NodeJS.ProcessEnv>;
  /** Without it a fresh one is made, and dropped in the end. */
  readonly database?: TestDatabase;
  /** Without it a fresh one is made, and removed in the end. */
  readonly dataDir?: string;
  /** False leaves the database without an administrator. */
  readonly admin?: boolean;
  readonly checkpoints?: Checkpoints;
  /** Modules of another application. */
  readonly modules?: readonly Type[];
  /** Runs before the application starts, for instance to replace a port by a stand-in. */
  readonly prepare?: (app: NestFastifyApplication) => void;
}

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly accessToken: string;
  readonly client: HttpClient;
}

interface SignedIn {
  readonly accessToken: string;
  readonly user: { readonly id: string };
}

const environment = (dataDir: string, { env = {}, admin = true }: TestAppOptions): NodeJS.ProcessEnv => ({
  NODE_ENV: 'test',
  PORT: '0',
  DATA_DIR: dataDir,
  LOG_LEVEL: 'silent',
  WHATSAPP_DEFAULT_ENGINE: 'sandbox',
  ...UNLIMITED,
  ...(admin ? { ADMIN_EMAIL, ADMIN_PASSWORD } : {}),
  ...env,
});

/** The whole application on a port of its own, over a fresh database. */
export class TestApp implements Checked {
  private readonly people = new Map<string, Promise<Person>>();

  constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
    readonly database: TestDatabase,
    readonly dataDir: string,
    private readonly options: TestAppOptions,
    private readonly isOnDisk: boolean,
  ) {
    openApps.add(this);
    // A spec may end the application alone, to start another one on what it leaves.
    app.getHttpServer().once('close', () => openApps.delete(this));
  }

  /** Nobody. */
  get client(): HttpClient {
    return new HttpClient(this.url);
  }

  /** Signed in as somebody with this role; people below ADMIN are granted the session `default`. */
  async as(role: TestRole): Promise<HttpClient> {
    return (await this.person(role)).client;
  }

  person(role: TestRole): Promise<Person> {
    const known =
      this.people.get(role) ?? (role === 'ADMIN' ? this.signIn(ADMIN_EMAIL, ADMIN_PASSWORD) : this.addPerson(role));
    this.people.set(role, known);
    return known;
  }

  async addPerson(role: TestRole, sessionIds: readonly string[] = ['default']): Promise<Person> {
    const admin = await this.as('ADMIN');
    const email = `${role.toLowerCase()}-${randomBytes(4).toString('hex')}@example.org`;
    const password = randomBytes(12).toString('hex');
    const answer = await admin.post('/v1/users', { email, name: role, role, password, sessionIds });
    if (answer.status !== 201) throw new Error(`could not add a person: ${answer.text}`);
    return this.signIn(email, password);
  }

  async signIn(email: string, password: string): Promise<Person> {
    const answer = await this.client.post<SignedIn>('/v1/auth/login', { email, password });
    if (answer.status !== 200) throw new Error(`could not sign in: ${answer.text}`);
    const { accessToken, user } = answer.body;
    return { id: user.id, email, password, accessToken, client: this.client.withToken(accessToken) };
  }

  /** Looks into the database past the application, as the owner of the tables. */
  async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const client = new pg.Client({ connectionString: this.database.ownerUrl });
    await client.connect();
    try {
      return (await client.query<Row>(text, [...values])).rows;
    } finally {
      await client.end();
    }
  }

  async requireWhole(): Promise<void> {
    await this.require((query) => findViolations(query, { isSettled: false }));
  }

  /** Ends it, and looks at what it leaves behind. */
  async close(): Promise<void> {
    openApps.delete(this);
    const { database, dataDir } = this.options;
    try {
      await this.app.close();
      await this.requireWhole();
      if (this.isOnDisk) await this.require((query) => findMediaFaults(query, this.dataDir));
    } finally {
      if (!database) await this.database.drop();
      if (dataDir === undefined) await rm(this.dataDir, { recursive: true, force: true });
    }
  }

  private async require(find: (query: Query) => Promise<readonly string[]>): Promise<void> {
    const { brokenOnPurpose } = this.options;
    const deadline = performance.now() + WHOLE_WITHIN_MS;
    for (;;) {
      const found = await this.atOneMoment(find);
      const faults = found.filter((fault) => brokenOnPurpose?.faults.test(fault) !== true);
      if (faults.length === 0) return;
      if (performance.now() > deadline) {
        throw new Error(`The invariants do not hold:\n  ${faults.slice(0, 10).join('\n  ')}`);
      }
      await sleep(100);
    }
  }

  /** All that is read belongs to one moment, while the application goes on. */
  private async atOneMoment<T>(look: (query: Query) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: this.database.ownerUrl });
    // The query that it breaks tells of it.
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      return await look(
        async <Row extends object>(text: string, values: readonly unknown[] = []) =>
          (await client.query<Row>(text, [...values])).rows,
      );
    } finally {
      await client.end();
    }
  }
}

export const createTestApp = async (options: TestAppOptions = {}): Promise<TestApp> => {
  const database = options.database ?? (await createTestDatabase());
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'waypost-data-')));
  const env = parseEnv(environment(dataDir, options));
  plant('database password', new URL(database.url).password);
  plant('owner password', new URL(database.ownerUrl).password);
  plant('admin password', env.ADMIN_PASSWORD ?? '');
  const http = sliceEnv(env, database).find(({ provide }) => provide === HttpConfig)?.useValue as HttpConfig;
  const module = AppModule.with({
    env,
    database: { url: database.url, ownerUrl: database.ownerUrl },
    ...(options.checkpoints ? { checkpoints: options.checkpoints } : {}),
    ...(options.modules ? { modules: options.modules } : {}),
  });
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class and takes literals.
  const app = await NestFactory.create<NestFastifyApplication>(module, createAdapter(http), {
    bodyParser: false,
    logger: testLogger(),
    abortOnError: false,
  });
  await setUp(app, http);
  options.prepare?.(app);
  await app.listen(0, '127.0.0.1');
  await app.get(Lifecycle).start();
  return new TestApp(app, await app.getUrl(), database, dataDir, options, env.MEDIA_STORE === 'disk');
};
