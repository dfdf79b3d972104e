import { Injectable } from '@nestjs/common';
import { hash, parseOptions, verify } from '@node-rs/argon2';

import { BoundedQueue } from './bounded-queue.js';

/** OWASP's first choice for argon2id; one hash takes 20 to 60 ms and 19 MiB. */
const POLICY = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** What we are ready to execute: a planted hash that asks for gigabytes is refused, not computed. */
const LIMIT = { memoryCost: 65_536, timeCost: 10, parallelism: 4 } as const;
/** Two of the four threads of libuv's pool: files and DNS must get through while passwords are checked. */
const MAX_RUNNING = 2;
const MAX_WAITING = 256;
/** Of a password that nobody knows; verified where there is no account, so that both take the same time. */
const NOBODY = '$argon2id$v=19$m=19456,t=2,p=1$XSOHBbeFai17soqYXOGAHw$V3o/ytTooHkdqWlKbuIH6KCk07v6goO6fmmkeDxeh5U';
const PHC = /^\$argon2id\$v=19\$m=\d{1,7},t=\d{1,2},p=\d\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{43}$/;

type Parameters = Record<keyof typeof POLICY, number>;

const parametersOf = (phc: string): Parameters | null => {
  if (!PHC.test(phc)) return null;
  const { memoryCost, timeCost, parallelism } = parseOptions(phc);
  return { memoryCost, timeCost, parallelism };
};

const isWithin = (limit: Parameters, given: Parameters): boolean =>
  given.memoryCost <= limit.memoryCost && given.timeCost <= limit.timeCost && given.parallelism <= limit.parallelism;

/** Two keyboards may write one letter in two ways; both are the same password. */
const normalize = (password: string): string => password.normalize('NFKC');

/** Hashes and compares passwords with argon2id, a bounded number of them at once. */
@Injectable()
export class PasswordHasher {
  private readonly queue = new BoundedQueue(MAX_RUNNING, MAX_WAITING);

  hash(password: string): Promise<string> {
    return this.queue.run(() => hash(normalize(password), POLICY));
  }

  /** Takes as long without a hash as with one; a hash beyond our limits matches nothing. */
  async matches(phc: string | null, password: string): Promise<boolean> {
    const parameters = phc === null ? null : parametersOf(phc);
    const isUsable = parameters !== null && isWithin(LIMIT, parameters);
    const stored = phc !== null && isUsable ? phc : NOBODY;
    const same = await this.queue.run(() => verify(stored, normalize(password)));
    return same && isUsable;
  }

  /** True when the hash was made with weaker parameters than those of today. */
  isOutdated(phc: string): boolean {
    const parameters = parametersOf(phc);
    return parameters !== null && !isWithin(parameters, POLICY);
  }
}
