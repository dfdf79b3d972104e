import type { NetworkInterfaceInfo } from 'node:os';

import { isOwnAddress } from './own-addresses.js';

const having = (...addresses: readonly string[]): NodeJS.Dict<NetworkInterfaceInfo[]> => ({
  eth0: addresses.map((address) => ({ address }) as NetworkInterfaceInfo),
});

describe(isOwnAddress, () => {
  it('S8 knows the addresses of the interfaces, however they are written', () => {
    const interfaces = having('93.184.216.34', '2606:4700::1', 'fe80::1%eth0');
    expect(isOwnAddress('93.184.216.34', interfaces)).toBe(true);
    expect(isOwnAddress('2606:4700:0:0::1', interfaces)).toBe(true);
    expect(isOwnAddress('93.184.216.35', interfaces)).toBe(false);
    expect(isOwnAddress('127.0.0.1')).toBe(true);
  });
});
