import type { BrowserPage } from './library.js';

/** Everything that WhatsApp's page needs; it can contact nobody else, whatever a message or a contact names. */
const DOMAINS = ['whatsapp.com', 'whatsapp.net'];
const PROXY_PROTOCOLS = ['http:', 'https:', 'socks4:', 'socks5:'];

/** How the browser of one session reaches WhatsApp, and is kept from reaching anybody else. */
export interface NetworkRoute {
  readonly args: readonly string[];
  /** Before the page is loaded: what the command line cannot say, or must not. */
  prepare(page: BrowserPage): Promise<void>;
}

const isOfWhatsApp = (address: string): boolean => {
  if (/^(data|blob|about):/.test(address)) return true;
  const { hostname } = new URL(address);
  return DOMAINS.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`));
};

/** Names and numeric addresses that are not listed do not exist for this browser, this machine's own included. */
const resolverRules = (reachable: readonly string[]): string =>
  `--host-resolver-rules=${['MAP * ~NOTFOUND', ...reachable.map((name) => `EXCLUDE ${name}`)].join(',')}`;

const DIRECT: NetworkRoute = {
  args: [resolverRules(DOMAINS.flatMap((domain) => [domain, `*.${domain}`])), '--no-proxy-server'],
  prepare: () => Promise.resolve(),
};

const parseProxy = (proxy: string): URL => {
  const url = URL.canParse(proxy) ? new URL(proxy) : null;
  if (url === null || !PROXY_PROTOCOLS.includes(url.protocol) || url.hostname === '') {
    throw new Error('The proxy of the session is no URL of a proxy.');
  }
  if (url.protocol.startsWith('socks') && url.username !== '') {
    throw new Error('Chromium logs in to no SOCKS proxy: use an HTTP proxy, or one without credentials.');
  }
  return url;
};

const byProxy = (proxy: string): NetworkRoute => {
  const { protocol, hostname, host, username, password } = parseProxy(proxy);
  return {
    // Without the second one Chromium would reach this machine itself, beside the proxy.
    args: [`--proxy-server=${protocol}//${host}`, '--proxy-bypass-list=<-loopback>', resolverRules([hostname])],
    prepare: async (page) => {
      // Other processes can read a command line, so the credentials are given when the proxy asks.
      if (username !== '') {
        await page.authenticate({ username: decodeURIComponent(username), password: decodeURIComponent(password) });
      }
      // The proxy resolves the names, so the rules above do not see them.
      await page.setRequestInterception(true);
      page.on('request', (request) => {
        const done = isOfWhatsApp(request.url()) ? request.continue() : request.abort('blockedbyclient');
        done.catch(() => undefined);
      });
    },
  };
};

export const routeOf = (proxy: string | null): NetworkRoute => (proxy === null ? DIRECT : byProxy(proxy));
