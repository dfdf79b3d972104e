/**
 * The built server, and a death that is ordered over IPC: `{ point, left, afterMs }` kills it at the `left`-th pass of
 * that point from now on, `afterMs` later when that is more than nothing. `CRASH_AT` orders the same from the start on.
 */
import { setTimeout } from 'node:timers';
import { pathToFileURL, URL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const dist = process.env.WAYPOST_DIST ?? new URL('../../../dist', import.meta.url).pathname;
const { runServer } = await import(`${pathToFileURL(dist).href}/server-process.js`);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

const die = () => process.kill(process.pid, 'SIGKILL');

let order = process.env.CRASH_AT === undefined ? undefined : JSON.parse(process.env.CRASH_AT);
process.on('message', (given) => {
  if (given === 'weigh') {
    collect();
    process.send({ heapBytes: process.memoryUsage().heapUsed });
    return;
  }
  order = given;
  process.send('armed');
});

const checkpoints = {
  pass(point) {
    if (order?.point !== point) return;
    order.left -= 1;
    if (order.left > 0) return;
    if (order.afterMs > 0) setTimeout(die, order.afterMs);
    else die();
  },
};

await runServer({ environment: process.env, checkpoints });
