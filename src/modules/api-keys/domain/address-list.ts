import { BlockList, isIP } from 'node:net';

const CIDR = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/;

const familyOf = (address: string): 'ipv4' | 'ipv6' | null => {
  const version = isIP(address);
  if (version === 0) return null;
  return version === 4 ? 'ipv4' : 'ipv6';
};

/** An address, or a network such as 192.0.2.0/24 or 2001:db8::/32. */
export const isAddressOrNetwork = (text: string): boolean => {
  const [, address = '', bits] = CIDR.exec(text) ?? [];
  const family = familyOf(address);
  return family !== null && Number(bits ?? 0) <= (family === 'ipv4' ? 32 : 128);
};

/** Whether an address is in one of these; an IPv4 address written as IPv6 is the same address. */
export const isWithin = (address: string, networks: readonly string[]): boolean => {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  const family = familyOf(plain);
  if (family === null) return false;
  const list = new BlockList();
  for (const network of networks) {
    const [, base = '', bits] = CIDR.exec(network) ?? [];
    const own = familyOf(base);
    if (own === null) continue;
    list.addSubnet(base, Number(bits ?? (own === 'ipv4' ? 32 : 128)), own);
  }
  return list.check(plain, family);
};
