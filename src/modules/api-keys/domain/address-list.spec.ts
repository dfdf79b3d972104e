import { isAddressOrNetwork, isWithin } from './address-list.js';

describe('addresses of a key', () => {
  it.each(['192.0.2.1', '192.0.2.0/24', '2001:db8::/32', '::1', '0.0.0.0/0'])('T16 takes %s', (text) => {
    expect(isAddressOrNetwork(text)).toBe(true);
  });

  it.each(['', 'localhost', '192.0.2.0/33', '2001:db8::/129', '192.0.2.1/', '1.2.3', '*'])('T16 refuses %j', (text) => {
    expect(isAddressOrNetwork(text)).toBe(false);
  });

  it('T16 holds an address, however it is written, and no other', () => {
    const networks = ['192.0.2.0/24', '2001:db8::/32'];
    for (const inside of ['192.0.2.9', '::ffff:192.0.2.9', '2001:db8:1::5'])
      expect(isWithin(inside, networks)).toBe(true);
    for (const outside of ['192.0.3.1', '2001:db9::1', '', 'x', '127.0.0.1']) {
      expect(isWithin(outside, networks)).toBe(false);
    }
  });
});
