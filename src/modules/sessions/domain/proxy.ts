const PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:', 'socks5:']);
const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443', 'socks5:': '1080' };
const MAX_LENGTH = 2048;
/** A name or an address, and nothing that a command line could take for more than one. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])$/i;

const isDecodable = (text: string): boolean => {
  try {
    return decodeURIComponent(text) !== '';
  } catch {
    return false;
  }
};

const RULES: readonly (readonly [detail: string, isMet: (url: URL) => boolean])[] = [
  [
    'proxy must be a URL that begins with http://, https:// or socks5://',
    ({ protocol, hostname }) => PROTOCOLS.has(protocol) && HOST.test(hostname),
  ],
  [
    'proxy must end after its host and port',
    ({ pathname, search, hash }) => ['', '/'].includes(pathname) && search === '' && hash === '',
  ],
  [
    'proxy must hold its credentials percent-encoded',
    ({ username, password }) => [username, password].every((part) => part === '' || isDecodable(part)),
  ],
  [
    'proxy must hold no credentials with socks5: use http or https for them',
    ({ protocol, username, password }) => protocol !== 'socks5:' || username + password === '',
  ],
];

/** What can be said against a proxy that somebody gave; null for nothing. */
export const findProxyTrouble = (written: string): string | null => {
  const url = /^[\x21-\x7e]+$/.test(written) && written.length <= MAX_LENGTH ? URL.parse(written) : null;
  const broken = RULES.find(([, isMet]) => url === null || !isMet(url));
  return broken?.[0] ?? null;
};

/** Where a proxy is, without the credentials: `host:port`. */
export const proxyAddress = (proxy: string): string => {
  const { hostname, port, protocol } = new URL(proxy);
  return `${hostname}:${port === '' ? (DEFAULT_PORTS[protocol] ?? '') : port}`;
};
