import { isIP } from 'node:net';

import { isPublicAddress } from './address-rules.js';
import { UrlRefusedError } from './egress.errors.js';
import { isOwnAddress } from './own-addresses.js';

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };
const MAX_URL_LENGTH = 2048;

export interface EgressRules {
  /** `host:port` of receivers inside the own network that the operator has named. */
  readonly allowedHosts: ReadonlySet<string>;
  /** Names and addresses under which this server is reached. */
  readonly ownHosts: ReadonlySet<string>;
  readonly allowedPorts: ReadonlySet<number>;
}

export interface EgressTarget {
  readonly url: URL;
  /** Named by the operator: its address is not looked at. */
  readonly isAllowedByName: boolean;
}

/** As it is compared and connected to: without the brackets of IPv6 and the dot of the root. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');

const parse = (written: string): URL => {
  // A URL parser drops tabs and newlines; whoever wrote them wants to be read differently by somebody else.
  const isPlain = /^[\x21-\x7e\u00a1-\uffff]+$/.test(written) && !written.includes('\\');
  if (!isPlain || written.length > MAX_URL_LENGTH || !URL.canParse(written)) {
    throw new UrlRefusedError('It is no URL.');
  }
  return new URL(written);
};

const isLiteralOfOthers = (address: string): boolean => isPublicAddress(address) && !isOwnAddress(address);

/** Reads an address that somebody gave us and says everything that can be said against it before it is resolved. */
export const parseTarget = (written: string, rules: EgressRules): EgressTarget => {
  const url = parse(written);
  const defaultPort = DEFAULT_PORTS[url.protocol];
  if (defaultPort === undefined) throw new UrlRefusedError('Only http and https can be used.');
  if (url.username !== '' || url.password !== '') throw new UrlRefusedError('It must not hold credentials.');
  const host = hostOf(url);
  const port = url.port === '' ? defaultPort : Number(url.port);
  if (rules.allowedHosts.has(`${host}:${String(port)}`)) return { url, isAllowedByName: true };
  if (!rules.allowedPorts.has(port)) throw new UrlRefusedError('Its port is not one that may be used.');
  if (rules.ownHosts.has(host)) throw new UrlRefusedError('It is this server.');
  if (isIP(host) !== 0 && !isLiteralOfOthers(host)) throw new UrlRefusedError('It is not in the public internet.');
  return { url, isAllowedByName: false };
};
