import { randomBytes } from 'node:crypto';

import type { RedisConnection } from '../../cache/redis-connection.js';

/**
 * Grants up to `wanted` of what is left, or all of it or nothing. `born` names one life of the counter: a process that
 * knew another one, or that has counted by itself meanwhile, says how much it knows of, and no less than that counts. So
 * a Redis that was emptied or was away forgets nothing that any process remembers.
 */
const GRANT = `
local used = tonumber(redis.call('HGET', KEYS[1], 'used') or '0')
local born = redis.call('HGET', KEYS[1], 'born')
local life = redis.call('PTTL', KEYS[1])
if not born then
  born = ARGV[4]
  life = tonumber(ARGV[6])
  redis.call('HSET', KEYS[1], 'born', born)
  redis.call('PEXPIRE', KEYS[1], life)
end
if born ~= ARGV[5] then used = math.max(used, tonumber(ARGV[3])) end
local wanted = tonumber(ARGV[1])
local granted = math.max(0, math.min(wanted, tonumber(ARGV[2]) - used))
if ARGV[7] == 'whole' and granted < wanted then granted = 0 end
used = used + granted
redis.call('HSET', KEYS[1], 'used', used)
return { used, granted, life, born }`;

const GIVE_BACK = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local used = redis.call('HINCRBY', KEYS[1], 'used', -tonumber(ARGV[1]))
if used < 0 then redis.call('HSET', KEYS[1], 'used', 0) end
return 1`;

const KEY_PREFIX = 'limit';

/** What one process knows of a window that is shared. */
export interface KnownWindow {
  readonly used: number;
  /** Which life of the shared counter that was; empty when the process has counted by itself since. */
  readonly born: string;
  readonly lifeMs: number;
}

export interface Wanted {
  readonly count: number;
  readonly quota: number;
  /** All of it or nothing. */
  readonly isWhole: boolean;
}

export interface Granted extends KnownWindow {
  readonly granted: number;
}

/** The windows of one policy as all processes have them together. Rejects when Redis does not answer. */
export class SharedWindows {
  constructor(
    private readonly policy: string,
    private readonly redis: RedisConnection,
  ) {}

  get isUp(): boolean {
    return this.redis.isUp;
  }

  async grant(subject: string, { count, quota, isWhole }: Wanted, known: KnownWindow): Promise<Granted> {
    const { used, born, lifeMs } = known;
    const life = randomBytes(6).toString('base64url');
    const args = [count, quota, used, life, born, Math.max(1, Math.ceil(lifeMs)), isWhole ? 'whole' : 'part'];
    const answer = await this.redis.run((client) => client.eval(GRANT, 1, this.keyOf(subject), ...args));
    const [usedNow, granted, lifeNow, bornNow] = answer as [number, number, number, string];
    return { used: usedNow, granted, lifeMs: lifeNow, born: bornNow };
  }

  async giveBack(subject: string, count: number): Promise<void> {
    await this.redis.run((client) => client.eval(GIVE_BACK, 1, this.keyOf(subject), count));
  }

  private keyOf(subject: string): string {
    return `${KEY_PREFIX}:${this.policy}:${subject}`;
  }
}
