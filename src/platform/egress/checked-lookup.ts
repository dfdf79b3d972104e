import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';

import type { NameResolver } from './name-resolver.js';

const requireAll = (addresses: readonly LookupAddress[], mayConnect: (address: string) => boolean): LookupAddress => {
  const [first] = addresses;
  if (first !== undefined && addresses.every(({ address }) => mayConnect(address))) return first;
  throw new Error('The name has an address that must not be connected to.');
};

/**
 * The look-up that a connection uses itself: what is checked is what is connected to. One address that must not be
 * connected to spoils the name, because which of them is taken is not ours to say.
 */
export const checkedLookup =
  (resolver: NameResolver, mayConnect: (address: string) => boolean): LookupFunction =>
  (hostname, { all = false }, callback) => {
    const check = async (): Promise<readonly [readonly LookupAddress[], LookupAddress]> => {
      const addresses = await resolver.resolve(hostname);
      return [addresses, requireAll(addresses, mayConnect)];
    };
    check().then(
      ([addresses, first]) => {
        if (all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => {
        callback(error as NodeJS.ErrnoException, []);
      },
    );
  };
