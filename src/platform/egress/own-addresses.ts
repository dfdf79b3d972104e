import { networkInterfaces } from 'node:os';

import ipaddr from 'ipaddr.js';

/** Whether this machine itself has the address; interfaces come and go, so they are asked each time. */
export const isOwnAddress = (text: string, interfaces = networkInterfaces()): boolean => {
  const address = ipaddr.parse(text).toNormalizedString();
  return Object.values(interfaces)
    .flatMap((known) => known ?? [])
    .some((known) => ipaddr.parse(known.address).toNormalizedString() === address);
};
