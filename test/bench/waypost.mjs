import { fork } from 'node:child_process';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ADMIN_EMAIL = 'bench@example.org';
const ADMIN_PASSWORD = 'a plain long passphrase';

/** A flood is what is measured here: counted like every request, and never refused. */
const UNLIMITED = { REQUESTS_PER_PERSON: '1000000000', SENDS_PER_PERSON: '1000000000' };

/** A server process of its own over a data directory, and an administrator who talks to it. */
export class Waypost {
  constructor(child, url, readyMs) {
    Object.assign(this, { child, url, readyMs });
  }

  static async start(dataDir, environment = {}) {
    const out = await open(join(dataDir, 'bench.log'), 'a');
    const child = fork(new URL('server.mjs', import.meta.url), {
      env: {
        ...process.env,
        NODE_ENV: 'production',
        DATA_DIR: dataDir,
        PORT: '0',
        ADMIN_EMAIL,
        ADMIN_PASSWORD,
        WHATSAPP_DEFAULT_ENGINE: 'sandbox',
        ...UNLIMITED,
        SPAWNED_AT: String(performance.timeOrigin + performance.now()),
        ...environment,
      },
      stdio: ['ignore', out.fd, out.fd, 'ipc'],
    });
    const { url, readyMs } = await new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}: see ${dataDir}/bench.log`)));
    });
    await out.close();
    const waypost = new Waypost(child, url, readyMs);
    const login = await waypost.call('POST', '/v1/auth/login', { email: ADMIN_EMAIL, password: ADMIN_PASSWORD });
    waypost.token = login.accessToken;
    return waypost;
  }

  get headers() {
    return { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' };
  }

  async call(method, path, body) {
    const response = await fetch(this.url + path, {
      method,
      headers: this.token ? this.headers : { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** Links the pretend phone to the session "default". */
  async link() {
    await this.call('GET', '/whatsapp/admin/qr-code');
    await this.call('POST', '/v1/sandbox/default/scan', {});
    while (!(await this.call('GET', '/whatsapp/status')).data.ready) await pause(20);
  }

  async stop() {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await ended;
  }
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export const withDataDir = async (work) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'waypost-bench-'));
  try {
    return await work(dataDir);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
};

/** The owner's way into the database that a server has under its data directory. */
export const databaseUrl = async (dataDir) => {
  const { port, passwords } = JSON.parse(await readFile(join(dataDir, 'postgres.credentials.json'), 'utf8'));
  return `postgresql://waypost_owner:${passwords.waypost_owner}@127.0.0.1:${port}/waypost`;
};
