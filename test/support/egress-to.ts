import type { LookupAddress } from 'node:dns';

import { Egress } from '../../src/platform/egress/egress.js';
import type { NameResolver } from '../../src/platform/egress/name-resolver.js';
import type { Lifecycle } from '../../src/platform/lifecycle/lifecycle.js';

/** A resolver that knows the names it was told, and counts how often it is asked. */
export class FixedNames implements NameResolver {
  asked = 0;

  constructor(private readonly names: Readonly<Record<string, readonly string[]>>) {}

  resolve(name: string): Promise<readonly LookupAddress[]> {
    this.asked += 1;
    const addresses = this.names[name];
    if (addresses === undefined) return Promise.reject(new Error(`getaddrinfo ENOTFOUND ${name}`));
    return Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
  }
}

export interface EgressToOptions {
  /** As host:port. */
  readonly allowed?: readonly string[];
  readonly ports?: readonly number[];
  readonly names?: NameResolver;
}

/** The guarded client with rules of a test's own. */
export const egressTo = ({ allowed = [], ports = [], names = new FixedNames({}) }: EgressToOptions = {}): Egress =>
  new Egress(
    {
      allowedHosts: new Set(allowed),
      ownHosts: new Set(['gateway.test']),
      allowedPorts: new Set([80, 443, 8080, 8443, ...ports]),
    },
    { onDrain: () => undefined } as unknown as Lifecycle,
    names,
  );
