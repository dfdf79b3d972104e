import { findProxyTrouble, proxyAddress } from './proxy.js';

describe('the proxy of a session', () => {
  it.each([
    ['http://proxy.example:8080', 'proxy.example:8080'],
    ['http://user:pass%40word@proxy.example', 'proxy.example:80'],
    ['https://user:secret@[2001:db8::1]:8443/', '[2001:db8::1]:8443'],
    ['socks5://10.0.0.7', '10.0.0.7:1080'],
  ])('takes %s, and shows where it is without its credentials', (proxy, address) => {
    expect(findProxyTrouble(proxy)).toBeNull();
    expect(proxyAddress(proxy)).toBe(address);
  });

  it.each([
    ['no address', ''],
    ['a name alone', 'proxy.example:8080'],
    ['a file', 'file:///etc/passwd'],
    ['another protocol', 'socks4://proxy.example:1080'],
    ['no host', 'http://'],
    ['a path', 'http://proxy.example/to'],
    ['a query', 'http://proxy.example?a=1'],
    ['a space that separates arguments', 'http://proxy.example --no-sandbox'],
    ['a newline', 'http://proxy\n.example'],
    ['a list', 'http://a.example,b.example;c'],
    ['credentials that nobody can decode', 'http://user:50%@proxy.example'],
    ['credentials for SOCKS', 'socks5://user:secret@proxy.example'],
    ['2,049 characters', `http://${'a'.repeat(2042)}`],
  ])('refuses %s', (_what, proxy) => {
    expect(findProxyTrouble(proxy)).toMatch(/^proxy must /);
  });
});
