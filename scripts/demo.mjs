/**
 * Shows the main job through HTTP only, on a server of its own over a temporary directory: on the sandbox, and through
 * a real Chromium where one is found. `npm run demo -- sandbox` or `-- web` shows one of them.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Unexpected } from './demo/http.mjs';
import { SandboxPhone, SimulatedPhone } from './demo/phones.mjs';
import { Server } from './demo/processes.mjs';
import { note, Screen, title } from './demo/screen.mjs';
import { tell } from './demo/story.mjs';
import { prepare } from './prepare.mjs';
import { Fault, main } from './project.mjs';

const PHONES = {
  sandbox: () => new SandboxPhone(),
  web: () => SimulatedPhone.start(),
};

const show = async (phone) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'waypost-demo-'));
  const server = await Server.over(dataDir, phone.settings);
  const screen = new Screen(phone.heading);
  try {
    await tell(screen, server, phone);
    screen.end();
    return true;
  } catch (error) {
    note(`\nThe last lines of the server:\n${server.lastWords}\n`);
    if (!(error instanceof Unexpected)) throw error;
    return false;
  } finally {
    await server.stop();
    await phone.end();
    await rm(dataDir, { recursive: true, force: true });
  }
};

await main(async () => {
  const [chosen, ...others] = process.argv.slice(2);
  if (others.length > 0 || (chosen !== undefined && !(chosen in PHONES))) {
    throw new Fault(`Say which to show, ${Object.keys(PHONES).join(' or ')}; nothing shows both.`);
  }
  await prepare();
  title('Waypost: link a number, send a message, and everybody who must know, knows.');
  for (const name of chosen === undefined ? Object.keys(PHONES) : [chosen]) {
    const phone = await PHONES[name]();
    if (phone === null) {
      note('\nNo Chromium was found here, so WhatsApp Web is not shown. Install chromium and run it again.');
      if (process.env.CI || chosen !== undefined) process.exitCode = 1;
    } else if (!(await show(phone))) process.exitCode = 1;
  }
});
