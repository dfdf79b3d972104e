import ipaddr from 'ipaddr.js';

/** Azure answers machines with their secrets at this public-looking address (learn.microsoft.com, "168.63.129.16"). */
const CLOUD_ADDRESSES: ReadonlySet<string> = new Set(['168.63.129.16']);

/** Global unicast is 2000::/3 (IANA IPv6 address space registry); all else is special, reserved or an old embedding. */
const GLOBAL_V6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Whether an address belongs to the public internet: everything that is not known to is refused. */
export const isPublicAddress = (text: string): boolean => {
  if (!ipaddr.isValid(text) || text.includes('%')) return false;
  const address = ipaddr.parse(text);
  if (CLOUD_ADDRESSES.has(address.toString())) return false;
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || (address as ipaddr.IPv6).match(GLOBAL_V6);
};
