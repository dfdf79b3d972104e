import { createConnection } from 'node:net';

import { findPostmaster } from '../../../src/platform/embedded-postgres/postmaster.js';
import type { RedisServer } from '../../support/redis-server.js';
import type { Installation } from '../crash/installation.js';
import type { Random } from '../crash/random.js';

export interface Surroundings {
  readonly installation: Installation;
  /** Data directory of the PostgreSQL, which starts again by itself. */
  readonly postgresDir: string;
  readonly redis: RedisServer;
}

const signalPostgres = (dataDir: string, signal: NodeJS.Signals): void => {
  const found = findPostmaster(dataDir);
  if (found !== undefined) process.kill(found.pid, signal);
};

const flush = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.write('FLUSHALL\r\n'));
    socket.once('data', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });

/** What may happen to a server every ten seconds. */
const FAULTS = {
  // SIGINT ends sessions and shuts down cleanly, SIGQUIT leaves a recovery to the next start (PostgreSQL, 18.5).
  'PostgreSQL restarted': ({ postgresDir }) => {
    signalPostgres(postgresDir, 'SIGINT');
    return Promise.resolve();
  },
  'PostgreSQL crashed': ({ postgresDir }) => {
    signalPostgres(postgresDir, 'SIGQUIT');
    return Promise.resolve();
  },
  'Redis flushed': ({ redis }) => flush(redis.port),
  'Redis restarted': async ({ redis }) => {
    await redis.kill();
    await redis.restart();
  },
  'process killed': ({ installation }) => installation.forget(),
  'process stopped': async ({ installation }) => {
    const { server } = await installation.serve();
    server.signal('SIGTERM');
    await server.exited;
    await installation.forget();
  },
} as const satisfies Record<string, (around: Surroundings) => Promise<void>>;

export type Fault = keyof typeof FAULTS;

const ALL = Object.keys(FAULTS) as [Fault, ...Fault[]];
const AROUND = ALL.filter((name) => !name.startsWith('process')) as [Fault, ...Fault[]];

/** Does one of them; towards the end only those that leave the process alive, so that it can be measured. */
export const strike = async (around: Surroundings, random: Random, isProcessSpared: boolean): Promise<Fault> => {
  const fault = random.pick(isProcessSpared ? AROUND : ALL);
  await FAULTS[fault](around);
  return fault;
};
