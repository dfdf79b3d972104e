import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { Checkpoint } from '../../../src/platform/lifecycle/checkpoints.js';
import { HttpClient } from '../../support/http-client.js';
import { UNLIMITED } from '../../support/unlimited.js';

const MAIN = fileURLToPath(new URL('./server.main.mjs', import.meta.url));
const START_TIMEOUT_MS = 120_000;
/** How much of what it says is kept. */
const MAX_SAID = 20_000;
const EMAIL = 'admin@example.org';
const PASSWORD = 'a plain long passphrase';

export interface CrashServerOptions {
  readonly dataDir: string;
  /** Without it the server brings its own PostgreSQL. */
  readonly database?: { readonly url: string; readonly ownerUrl: string };
  readonly env?: NodeJS.ProcessEnv;
}

export interface Death {
  readonly point: Checkpoint;
  /** At which pass, counted from now. */
  readonly left: number;
  readonly afterMs?: number;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

/** The built server in a process of its own, on a port of its own. */
export class CrashServer {
  readonly client: HttpClient;
  readonly exited: Promise<Exit>;
  private said = '';

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {
    this.client = new HttpClient(url);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.said = (this.said + chunk.toString()).slice(-MAX_SAID)));
    }
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        resolve({ code, signal });
      });
    });
  }

  /** Resolves when it serves. */
  static async start({ dataDir, database, env = {} }: CrashServerOptions): Promise<CrashServer> {
    const port = await freePort();
    const child = spawn(process.execPath, ['--enable-source-maps', MAIN], {
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        ...(process.env['WAYPOST_DIST'] !== undefined && { WAYPOST_DIST: process.env['WAYPOST_DIST'] }),
        NODE_COMPILE_CACHE: join(tmpdir(), 'waypost-compile-cache'),
        NODE_ENV: 'test',
        PORT: String(port),
        DATA_DIR: dataDir,
        ...(database && { DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl }),
        ADMIN_EMAIL: EMAIL,
        ADMIN_PASSWORD: PASSWORD,
        ACCESS_TOKEN_TTL_SECONDS: '3600',
        LOG_LEVEL: 'warn',
        WHATSAPP_DEFAULT_ENGINE: 'sandbox',
        OUTBOX_RETRY_BASE_MS: '10',
        ...UNLIMITED,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const server = new CrashServer(child, `http://127.0.0.1:${String(port)}`);
    await server.untilServing();
    return server;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** What it warned of last. */
  get complaints(): readonly string[] {
    return this.said.split('\n').filter(Boolean);
  }

  /** An access token of the administrator; it outlives restarts. */
  async signIn(): Promise<string> {
    const answer = await this.client.post<{ accessToken: string }>('/v1/auth/login', {
      email: EMAIL,
      password: PASSWORD,
    });
    if (answer.status !== 200) throw new Error(`The administrator could not sign in: ${answer.text}`);
    return answer.body.accessToken;
  }

  /** Orders when it is to die; resolves when the order is in force. */
  async arm(death: Death): Promise<void> {
    const armed = once(this.child, 'message');
    this.child.send(death);
    await armed;
  }

  /** Bytes that it really holds: of its heap, behind a collection. */
  async weigh(): Promise<number> {
    const weighed = once(this.child, 'message') as Promise<[{ readonly heapBytes: number }]>;
    this.child.send('weigh');
    const [{ heapBytes }] = await weighed;
    return heapBytes;
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  private async untilServing(): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT_MS;
    while (performance.now() < deadline) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) break;
      // 401 comes from a server that has started; one that is starting answers 503.
      const answer = await this.client.get('/v1/auth/me').catch(() => null);
      if (answer?.status === 401) return;
      await sleep(10);
    }
    const ready = await this.client.get('/health/ready').catch(() => null);
    await this.kill();
    throw new Error(
      `The server did not start (${ready?.text ?? 'it gave no answer'}): ${this.said.trim().slice(-2000)}`,
    );
  }
}
