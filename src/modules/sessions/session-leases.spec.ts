import { setTimeout as sleep } from 'node:timers/promises';

import type { SessionsConfig } from '../../config/config.slices.js';
import type { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import type { LeaseRepository } from './lease.repository.js';
import { SessionLeases } from './session-leases.js';

const LEASE_MS = 60;

describe('the leases of this process', () => {
  let table: Map<string, { owner: string; fence: bigint }>;
  let answerRenewal: (() => void) | undefined;
  let leases: SessionLeases;
  let lost: string[];
  let drain: () => Promise<void>;

  const take = (sessionId: string, owner: string): bigint => {
    const fence = (table.get(sessionId)?.fence ?? 0n) + 1n;
    table.set(sessionId, { owner, fence });
    return fence;
  };

  beforeEach(() => {
    table = new Map();
    lost = [];
    answerRenewal = undefined;
    const repository: Partial<LeaseRepository> = {
      acquire: (sessionId, owner) => {
        const held = table.get(sessionId);
        return Promise.resolve(held && held.owner !== owner ? null : take(sessionId, owner));
      },
      isHeld: (sessionId, owner, fence) => {
        const held = table.get(sessionId);
        return Promise.resolve(held?.owner === owner && held.fence === fence);
      },
      release: () => Promise.resolve(),
      renew: (owner) => {
        const mine = [...table].filter(([, held]) => held.owner === owner);
        const answer = new Map(mine.map(([sessionId, { fence }]) => [sessionId, fence]));
        return new Promise((resolve) => {
          answerRenewal = (): void => {
            resolve(answer);
          };
        });
      },
    };
    const config = { leaseMs: LEASE_MS } as SessionsConfig;
    const lifecycle: Partial<Lifecycle> = {
      onDrain: (_phase, _name, run) => {
        drain = run;
      },
    };
    leases = new SessionLeases(repository as LeaseRepository, config, 'me', lifecycle as Lifecycle);
    leases.watch((sessionId) => lost.push(sessionId));
  });

  afterEach(() => {
    return drain();
  });

  it('F17 are not taken for lost when they were acquired while a renewal was under way', async () => {
    await leases.acquire('first');
    while (answerRenewal === undefined) await sleep(1);
    await leases.acquire('second');
    answerRenewal();
    await sleep(5);
    expect(lost).toEqual([]);
  });

  it('F17 tell of one that somebody else has taken', async () => {
    await leases.acquire('first');
    take('first', 'another');
    while (answerRenewal === undefined) await sleep(1);
    answerRenewal();
    await sleep(5);
    expect(lost).toEqual(['first']);
  });

  it('F17 are not believed in when the session is opened again: somebody else may have taken it meanwhile', async () => {
    expect(await leases.acquire('first')).toBe(1n);
    expect(await leases.acquire('first')).toBe(1n);
    take('first', 'another');
    expect(await leases.acquire('first')).toBeNull();
  });
});
