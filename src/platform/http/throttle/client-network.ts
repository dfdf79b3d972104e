import { isIPv4, isIPv6 } from 'node:net';

const V4_MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const GROUPS = 8;
const NETWORK_GROUPS = 4;

const expand = (address: string): readonly string[] => {
  // The URL parser writes every IPv6 address in one way: no leading zeros, lower case, no dotted tail.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const left = head === '' ? [] : head.split(':');
  if (tail === undefined) return left;
  const right = tail === '' ? [] : tail.split(':');
  return [...left, ...Array<string>(GROUPS - left.length - right.length).fill('0'), ...right];
};

/**
 * Who counts as one client: an IPv4 address, or the /64 of an IPv6 address, because a single machine has all
 * the addresses of its /64 to choose from.
 */
export const clientNetwork = (ip: string): string => {
  const address = ip.split('%', 1)[0] ?? '';
  const mapped = V4_MAPPED.exec(address)?.[1];
  if (mapped !== undefined && isIPv4(mapped)) return mapped;
  return isIPv6(address) ? `${expand(address).slice(0, NETWORK_GROUPS).join(':')}::/64` : address;
};
