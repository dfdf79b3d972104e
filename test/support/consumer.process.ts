/** A process with one consumer that dies by SIGKILL: at the event it is told, between the effect and the commit. */
import { ConsumerRunner } from '../../src/platform/events/consumer-runner.js';
import { createProbe } from './journal-probe.js';
import { createTestPlatform } from './test-platform.js';

const [url = '', ownerUrl = '', diesAfter = '0'] = process.argv.slice(2);

let left = Number(diesAfter);
const platform = await createTestPlatform({ database: { url, ownerUrl } });
platform.get(ConsumerRunner).register(
  createProbe({
    after: () => {
      left -= 1;
      if (left === 0) process.kill(process.pid, 'SIGKILL');
    },
  }),
);
await platform.start();
