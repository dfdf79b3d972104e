import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';

import { Injectable } from '@nestjs/common';

/** Gives every address of a name, or rejects. */
export interface NameResolver {
  resolve(name: string): Promise<readonly LookupAddress[]>;
}

export const NameResolver = Symbol('NameResolver');

/** As the machine resolves names: its hosts file first, then its name servers. */
@Injectable()
export class SystemNameResolver implements NameResolver {
  resolve(name: string): Promise<readonly LookupAddress[]> {
    return lookup(name, { all: true });
  }
}
