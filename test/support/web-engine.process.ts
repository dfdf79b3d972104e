/** A process with one web session, for tests that kill it. Says in lines what happens; SIGTERM ends it in good order. */
import 'reflect-metadata';

import { writeSync } from 'node:fs';

import { containWebRejections } from '../../src/modules/engines/web/library-rejections.js';
import { WebEngine } from '../../src/modules/engines/web/web.engine.js';

const [executablePath = '', directory = '', task = 'open'] = process.argv.slice(2);
const say = (line: string): void => {
  writeSync(1, `${line}\n`);
};
containWebRejections((reason) => {
  say(`contained ${reason.message}`);
});

const engine = new WebEngine(
  { executablePath, extraArgs: [], useSandbox: false },
  { dataDir: directory, sessionPath: directory },
);
const handle = await engine.open(
  { sessionId: 'default', proxy: null, signal: AbortSignal.timeout(20_000) },
  {
    qr: (text) => {
      say(`qr ${text}`);
    },
    authenticated: () => undefined,
    ready: () => {
      say('ready');
    },
    lost: ({ reason }) => {
      say(`lost ${reason}`);
    },
    received: () => Promise.resolve(),
    acked: () => Promise.resolve(),
    changed: () => Promise.resolve(),
    caughtUp: () => Promise.resolve(),
  },
);
/** As a drain does: what is under way is finished before the browser goes. */
const end = async (): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, 400));
  const isAlive = await handle.probe().then(
    () => true,
    () => false,
  );
  say(isAlive ? 'still alive' : 'dead already');
  await handle.close();
  say('closed');
  process.exit(0);
};
process.once('SIGTERM', () => void end());
if (task === 'reject-as-library') void Promise.reject(new Error('Execution context was destroyed.'));
if (task === 'reject-as-string') {
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- this is how the library fails
  void Promise.reject('auth timeout');
}
if (task === 'reject-otherwise') void Promise.reject(new Error('a mistake of ours'));
