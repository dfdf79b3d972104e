import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';

import { loadCredentials, OWNER_ROLE, urlOf } from '../../../src/platform/embedded-postgres/postgres-credentials.js';
import { eventually } from '../../support/eventually.js';
import type { HttpClient } from '../../support/http-client.js';
import type { Query } from '../../support/invariants.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-postgres.js';
import { UNPACED } from '../../support/unlimited.js';
import { CrashServer, type Death } from './crash-server.js';

const READY_TIMEOUT_MS = 60_000;

export interface InstallationOptions {
  /** The server brings its own PostgreSQL. */
  readonly isEmbedded?: boolean;
  /** Of somebody else, who also drops it. */
  readonly database?: Pick<TestDatabase, 'url' | 'ownerUrl'>;
  readonly env?: NodeJS.ProcessEnv;
  /** Scans the code that is shown; the pretend phone of the sandbox when it is left out. */
  readonly scan?: (qr: string) => Promise<unknown>;
}

/** A data directory and a database, and the server that comes and goes on them. */
export class Installation {
  private running: { readonly server: CrashServer; readonly client: HttpClient } | undefined;
  private starting: Promise<{ readonly server: CrashServer; readonly client: HttpClient }> | undefined;
  private isLinked = false;

  private constructor(
    readonly dataDir: string,
    private readonly database: TestDatabase | undefined,
    private readonly options: InstallationOptions,
  ) {}

  static async open(options: InstallationOptions = {}): Promise<Installation> {
    const dataDir = await mkdtemp(join(tmpdir(), 'waypost-crash-'));
    const own = options.isEmbedded === true || options.database ? undefined : await createTestDatabase();
    const given = options.database && { ...options.database, drop: () => Promise.resolve() };
    return new Installation(dataDir, own ?? given, options);
  }

  async close(): Promise<void> {
    this.running?.server.signal('SIGTERM');
    await this.running?.server.exited;
    await this.database?.drop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** The server, linked and READY: the one that runs, or a new one. */
  async serve(): Promise<{ readonly server: CrashServer; readonly client: HttpClient }> {
    if (this.running) return this.running;
    this.starting ??= this.start().finally(() => (this.starting = undefined));
    this.running = await this.starting;
    return this.running;
  }

  /** Starts it with the order to die; resolves when it has. */
  async serveUntil(death: Death): Promise<void> {
    const { dataDir, database } = this;
    const env = { ...this.options.env, CRASH_AT: JSON.stringify(death) };
    // It may die while it is starting, and it is not spoken to.
    const server = await CrashServer.start({ dataDir, env, ...(database && { database }) }).catch(() => null);
    await server?.exited;
  }

  /** It has ended, or is ended now. */
  async forget(): Promise<void> {
    await this.running?.server.kill();
    this.running = undefined;
  }

  async withDatabase<T>(use: (query: Query) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: this.ownerUrl() });
    await client.connect();
    try {
      return await use(
        async <Row extends object>(text: string, values: readonly unknown[] = []) =>
          (await client.query<Row>(text, [...values])).rows,
      );
    } finally {
      await client.end();
    }
  }

  private async start(): Promise<{ readonly server: CrashServer; readonly client: HttpClient }> {
    const { dataDir, database } = this;
    const { env = {} } = this.options;
    const server = await CrashServer.start({ dataDir, env, ...(database && { database }) });
    try {
      return { server, client: await this.makeReady(server) };
    } catch (error) {
      await server.kill();
      throw error;
    }
  }

  private async makeReady(server: CrashServer): Promise<HttpClient> {
    const client = server.client.withToken(await server.signIn());
    if (!this.isLinked) {
      await client.patch('/v1/sessions/default', { settings: { ...UNPACED, autoReplies: { mode: 'echo' } } });
      await this.link(client);
    }
    this.isLinked = true;
    const path = '/whatsapp/connection-status';
    const isReady = async (): Promise<boolean> =>
      (await client.get<{ data: { status: string } }>(path)).body.data.status === 'READY';
    await eventually(isReady, READY_TIMEOUT_MS);
    return client;
  }

  private async link(client: HttpClient): Promise<void> {
    const answer = await client.get<{ data: { qr: string } }>('/whatsapp/admin/qr-code');
    if (answer.status !== 200) throw new Error(`No QR was shown: ${answer.text}`);
    const { scan = (): Promise<unknown> => client.post('/v1/sandbox/default/scan') } = this.options;
    await scan(answer.body.data.qr);
  }

  private ownerUrl(): string {
    if (this.database) return this.database.ownerUrl;
    const credentials = loadCredentials(this.dataDir, true);
    return urlOf(OWNER_ROLE, credentials.port ?? 0, credentials);
  }
}
