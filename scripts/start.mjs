/**
 * Prepares the checkout and runs the server on the project's own Node.js.
 *
 * The server gets a process group of its own, so that each signal reaches it once, from here: a Ctrl-C comes to this
 * script both from the terminal and from npm. It holds an IPC channel to this script and drains when that closes
 * (`process.on('disconnect')`), so that `kill -9` of this script does not leave it behind. `npm start` runs it by `exec`:
 * a shell between npm and this script would die of the signal and hand nothing on.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';
import { prepare } from './prepare.mjs';
import { inRoot, main, projectNode } from './project.mjs';

const SAME_PRESS_MS = 500;
const PARENT_POLL_MS = 1000;

/** Hands each signal on, taking those that come together for one. */
const forwardSignals = (child) => {
  let last = -Infinity;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      const now = performance.now();
      if (now - last < SAME_PRESS_MS) return;
      last = now;
      child.kill(signal);
    });
  }
};

/** npm killed by `kill -9` hands nothing on. */
const followParent = (child) => {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    child.kill('SIGTERM');
  }, PARENT_POLL_MS);
  timer.unref();
};

await main(async () => {
  await prepare();
  const child = spawn(projectNode(), ['--enable-source-maps', inRoot('dist', 'main.js'), ...process.argv.slice(2)], {
    cwd: inRoot(),
    detached: true,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  forwardSignals(child);
  followParent(child);
  process.exitCode = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
  // The channel of a server that is gone would keep this script alive.
  if (child.connected) child.disconnect();
});
