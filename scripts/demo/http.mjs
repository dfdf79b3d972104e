/** The HTTP that the demo speaks, and nothing but HTTP. */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;

/** Something that the demo expected and did not get. */
export class Unexpected extends Error {}

/** Fails the step with the reason when something is not as it says. */
export const expect = (isSo, reason) => {
  if (!isSo) throw new Unexpected(reason);
};

/** Talks JSON to a server, as nobody, with an access token or with a key. */
export class Http {
  constructor(url, headers = {}) {
    this.url = url;
    this.headers = headers;
  }

  as(token) {
    return new Http(this.url, { authorization: `Bearer ${token}` });
  }

  withKey(key) {
    return new Http(this.url, { 'x-api-key': key });
  }

  get(path) {
    return this.#succeed('GET', path);
  }

  post(path, body = {}) {
    return this.#succeed('POST', path, body);
  }

  delete(path) {
    return this.#succeed('DELETE', path);
  }

  /** Uploads one file as a browser would. */
  upload(path, bytes, name) {
    const form = new globalThis.FormData();
    form.append('file', new globalThis.Blob([bytes]), name);
    return this.#succeed('POST', path, form);
  }

  /** Expects to be refused, and answers with which status and what was said. */
  async refusal(method, path, body) {
    const { status, isOk, answer } = await this.#ask(method, path, body);
    expect(!isOk, `${method} ${path} answered ${status}, and should have been refused.`);
    return { status, ...answer };
  }

  async #succeed(method, path, body) {
    const { status, isOk, answer } = await this.#ask(method, path, body);
    expect(isOk, `${method} ${path} answered ${status}: ${answer.detail ?? answer.error ?? answer}`);
    return answer;
  }

  async #ask(method, path, body) {
    const isForm = body instanceof globalThis.FormData;
    const response = await globalThis.fetch(`${this.url}${path}`, {
      method,
      headers: { ...(body && !isForm && { 'content-type': 'application/json' }), ...this.headers },
      ...(body && { body: isForm ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') && text;
    return { status: response.status, isOk: response.ok, answer: isJson ? JSON.parse(text) : text };
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
