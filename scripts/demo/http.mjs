/** The HTTP that the demo speaks, and nothing but HTTP. */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;

/** Something that the demo expected and did not get. */
export class Unexpected extends Error {}

/** Talks JSON to a server, as nobody or with an access token. */
export class Http {
  constructor(url, token) {
    this.url = url;
    this.token = token;
  }

  as(token) {
    return new Http(this.url, token);
  }

  get(path) {
    return this.#call('GET', path);
  }

  post(path, body = {}) {
    return this.#call('POST', path, body);
  }

  async #call(method, path, body) {
    const response = await globalThis.fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...(this.token && { authorization: `Bearer ${this.token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = response.headers.get('content-type')?.includes('json') && text ? JSON.parse(text) : text;
    if (response.ok) return answer;
    throw new Unexpected(`${method} ${path} answered ${response.status}: ${answer.detail ?? answer.error ?? text}`);
  }
}

/** Asks again until the answer satisfies; fails with what was seen last. */
export const until = async (what, ask, isEnough, timeoutMs = 30_000) => {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const seen = await ask();
    if (isEnough(seen)) return seen;
    if (performance.now() > deadline) {
      throw new Unexpected(`${what} did not come within ${timeoutMs / 1000} s; last seen: ${JSON.stringify(seen)}`);
    }
    await sleep(POLL_MS);
  }
};
