/** The phones that scan the codes, twice: the sandbox's own, and those of the simulated WhatsApp Web. */
import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { inRoot } from '../project.mjs';
import { Simulator } from './processes.mjs';

/** The number of each session. */
const NUMBERS = { default: '+12025550100', shop: '+12025550102' };
const CONTACT = '+12025550150';

/** Steered through the API, as an integrator would in the own CI. */
export class SandboxPhone {
  heading = 'On the sandbox: no phone, no browser, no internet';
  engine = 'sandbox';
  settings = { WHATSAPP_DEFAULT_ENGINE: 'sandbox' };
  numbers = NUMBERS;
  contact = CONTACT;

  async scan(admin, session) {
    await admin.post(`/v1/sandbox/${session}/scan`, { phone: NUMBERS[session] });
  }

  async writeTo(admin, session, text) {
    await admin.post(`/v1/sandbox/${session}/receive`, { from: CONTACT, text });
  }

  /** What WhatsApp has from the number. */
  async arrivals(admin, session) {
    const { data } = await admin.get(`/v1/sandbox/${session}/outbox`);
    return data.map(({ to, text, content }) => ({ to, text, sha256: content?.media?.sha256 }));
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
  engine = 'web';
  numbers = NUMBERS;
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

  async scan(_admin, session, qr) {
    await this.simulator.http.post('/scan', { phone: digits(NUMBERS[session]), qr, pushname: 'Ada' });
  }

  async writeTo(_admin, session, text) {
    await this.simulator.http.post('/incoming', {
      phone: digits(NUMBERS[session]),
      from: digits(CONTACT),
      body: text,
    });
  }

  /** What WhatsApp has from the number. */
  async arrivals(_admin, session) {
    const sent = await this.simulator.http.get(`/sent?phone=${digits(NUMBERS[session])}`);
    return sent.map(({ toPhone, body, caption, sha256 }) => ({
      to: `+${toPhone}`,
      text: caption ?? body,
      sha256: sha256 && Buffer.from(sha256, 'base64').toString('hex'),
    }));
  }

  async logOut() {
    await this.simulator.http.post('/logout', { phone: digits(NUMBERS.default) });
  }

  end() {
    return this.simulator.stop();
  }
}
