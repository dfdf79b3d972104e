import { parseTarget, type EgressRules } from './egress-target.js';

const RULES: EgressRules = {
  allowedHosts: new Set(['127.0.0.1:4000', 'hooks.internal:80', '::1:4000']),
  ownHosts: new Set(['gateway.example.com', '93.184.216.34']),
  allowedPorts: new Set([80, 443, 8080, 8443]),
};

const REFUSED: readonly (readonly [string, string])[] = [
  ...['file:///etc/passwd', 'gopher://a/', 'data:text/plain,a', 'ftp://a/b', 'blob:http://a/b', 'javascript:1'].map(
    (url) => ['S7', url] as const,
  ),
  ...['http://2130706433/', 'http://0x7f000001/', 'http://0177.0.0.1/', 'http://127.1/', 'http://１２７.0.0.1/'].map(
    (url) => ['S3', url] as const,
  ),
  ...['http://127.0.0.1./', 'http://0/', 'http://0x7f.1/'].map((url) => ['S3', url] as const),
  ...['http://[::1]/', 'http://[::ffff:127.0.0.1]/', 'http://[fe80::1]/', 'http://[64:ff9b::7f00:1]/'].map(
    (url) => ['S4', url] as const,
  ),
  ['S2', 'http://169.254.169.254/latest/meta-data/'],
  ...['https://gateway.example.com/', 'https://GATEWAY.example.com./', 'http://93.184.216.34:8080/'].map(
    (url) => ['S8', url] as const,
  ),
  ...[22, 25, 6379, 5432, 3030, 0].map((port) => ['S9', `http://example.com:${String(port)}/`] as const),
  ...['http://a:b@example.com/', 'http://a@example.com/', 'http://example.com/\r\nX: y', 'http://exa\tmple.com/'].map(
    (url) => ['S11', url] as const,
  ),
  ['S11', 'http:\\\\example.com'],
  ['S7', ''],
];

describe('an address that somebody gives us', () => {
  it.each(REFUSED)('S2 S3 S4 S7 S8 S9 S11 refuse before anything is resolved (%s): %j', (_check, url) => {
    expect(() => parseTarget(url, RULES)).toThrow('The address cannot be used.');
  });

  it.each(['https://example.com/a?b=c', 'http://example.com:8080/', 'http://8.8.8.8/', 'https://münchen.example/'])(
    'may be %j',
    (url) => {
      expect(parseTarget(url, RULES).isAllowedByName).toBe(false);
    },
  );

  it('may be one that the operator has named, with exactly this port', () => {
    expect(parseTarget('http://127.0.0.1:4000/hook', RULES).isAllowedByName).toBe(true);
    expect(parseTarget('http://hooks.internal/', RULES).isAllowedByName).toBe(true);
    expect(parseTarget('http://[::1]:4000/', RULES).isAllowedByName).toBe(true);
    expect(() => parseTarget('http://127.0.0.1:8080/', RULES)).toThrow();
    expect(parseTarget('http://hooks.internal:8080/', RULES).isAllowedByName).toBe(false);
  });
});
