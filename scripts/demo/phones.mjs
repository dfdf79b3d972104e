/** The phone that scans the code, twice: the sandbox's own, and that of the simulated WhatsApp Web. */
import { spawnSync } from 'node:child_process';
import { inRoot } from '../project.mjs';
import { Simulator } from './processes.mjs';

const NUMBER = '+12025550100';
const CONTACT = '+12025550150';

/** Steered through the API, as an integrator would in the own CI. */
export class SandboxPhone {
  heading = 'On the sandbox: no phone, no browser, no internet';
  settings = { WHATSAPP_DEFAULT_ENGINE: 'sandbox' };
  number = NUMBER;
  contact = CONTACT;

  async scan(admin) {
    await admin.post('/v1/sandbox/default/scan', { phone: NUMBER });
  }

  async writeTo(admin, text) {
    await admin.post('/v1/sandbox/default/receive', { from: CONTACT, text });
  }

  async arrivals(admin) {
    const { data } = await admin.get('/v1/sandbox/default/outbox');
    return data.map(({ text }) => text);
  }

  async logOut(admin) {
    await admin.post('/v1/sandbox/default/disconnect', { reason: 'logged-out' });
  }

  /** It lives inside the server. */
  async end() {
    return undefined;
  }
}

const CHROMIUM_SIM = inRoot('test', 'wa-web-sim', 'bin', 'chromium-sim');
const digits = (number) => number.slice(1);

/** Steered through the control API of the simulator, outside of the server: the server drives a real Chromium. */
export class SimulatedPhone {
  number = NUMBER;
  contact = CONTACT;

  /** Null where there is no Chromium. */
  static async start() {
    const { status, stdout } = spawnSync(CHROMIUM_SIM, ['--which'], { encoding: 'utf8' });
    if (status !== 0) return null;
    return new SimulatedPhone(await Simulator.start(), stdout.trim());
  }

  constructor(simulator, browser) {
    this.simulator = simulator;
    this.heading = `On WhatsApp Web: the real whatsapp-web.js in ${browser}, before a simulated page`;
    this.settings = {
      WHATSAPP_DEFAULT_ENGINE: 'web',
      PUPPETEER_EXECUTABLE_PATH: CHROMIUM_SIM,
      CHROMIUM_ARGS: `--wasim-tls-port=${simulator.tlsPort}`,
      // The browser can reach nothing but the simulated page, and Chromium's sandbox refuses to run for root.
      CHROMIUM_SANDBOX: 'false',
    };
  }

  async scan(_admin, qr) {
    await this.simulator.http.post('/scan', { phone: digits(NUMBER), qr, pushname: 'Ada' });
  }

  async writeTo(_admin, text) {
    await this.simulator.http.post('/incoming', { phone: digits(NUMBER), from: digits(CONTACT), body: text });
  }

  async arrivals() {
    const sent = await this.simulator.http.get('/sent');
    return sent.map(({ body }) => body);
  }

  async logOut() {
    await this.simulator.http.post('/logout', { phone: digits(NUMBER) });
  }

  end() {
    return this.simulator.stop();
  }
}
