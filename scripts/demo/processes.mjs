/** The processes of the demo: the server as `npm start` runs it, and the simulated WhatsApp Web. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { clearTimeout, setTimeout } from 'node:timers';
import { URL, URLSearchParams } from 'node:url';
import { inRoot, projectNode } from '../project.mjs';
import { Http, Unexpected, until } from './http.mjs';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;
const LAST_LINES = 20;

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
};

/** Waypost as a process of its own over one data directory; it may be stopped and started again. */
export class Server {
  #child;
  #output = [];

  constructor(dataDir, url, environment) {
    this.dataDir = dataDir;
    this.url = url;
    this.environment = environment;
  }

  static async over(dataDir, settings) {
    const port = await freePort();
    // Settings of the person's own shell would make it another demo.
    const { PATH, HOME, LANG, TMPDIR } = process.env;
    const environment = { PATH, HOME, LANG, TMPDIR, PORT: String(port), DATA_DIR: dataDir, ...settings };
    return new Server(dataDir, `http://127.0.0.1:${port}`, environment);
  }

  get http() {
    return new Http(this.url);
  }

  get setupToken() {
    const link = readFileSync(join(this.dataDir, 'setup-link'), 'utf8').trim();
    return new URLSearchParams(new URL(link).hash.slice(1)).get('token');
  }

  async start() {
    const child = spawn(projectNode(), ['--enable-source-maps', inRoot('dist', 'main.js')], {
      cwd: inRoot(),
      env: this.environment,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) this.#keep(stream);
    await until('The server', () => this.#readiness(), Boolean, START_TIMEOUT_MS);
  }

  /** Asks it to end and waits for that; answers its exit code. */
  async stop() {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return 0;
    if (child.exitCode !== null) return child.exitCode;
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    clearTimeout(timer);
    return code;
  }

  /** The last lines of its log, for whoever has to find out why a step failed. */
  get lastWords() {
    return this.#output.slice(-LAST_LINES).join('\n');
  }

  async #readiness() {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) throw new Unexpected(`The server ended (${exitCode ?? signalCode}).`);
    try {
      await this.http.get('/health/ready');
      return true;
    } catch {
      return false;
    }
  }

  #keep(stream) {
    createInterface({ input: stream }).on('line', (line) => {
      this.#output.push(line);
      if (this.#output.length > 10 * LAST_LINES) this.#output.splice(0, LAST_LINES);
    });
  }
}

/** The simulated WhatsApp Web: what a real Chromium is shown instead of web.whatsapp.com. */
export class Simulator {
  #child;

  static async start() {
    const simulator = new Simulator();
    const child = spawn(projectNode(), [inRoot('test/wa-web-sim/main.ts'), '--autoAck=3'], {
      env: { ...process.env, WASIM_TLS_PORT: '0', WASIM_CONTROL_PORT: '0' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    simulator.#child = child;
    const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), once(child, 'exit')]);
    if (typeof line !== 'string') throw new Unexpected('The simulated WhatsApp Web did not start.');
    const { tlsPort, control } = JSON.parse(line);
    simulator.tlsPort = tlsPort;
    simulator.http = new Http(`${control}/control`);
    return simulator;
  }

  async stop() {
    if (this.#child.exitCode !== null) return;
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }
}
