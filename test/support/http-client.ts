import { plantBody } from './leak-probe.js';

/** An answer, read whole. */
export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
  readonly text: string;
}

export interface Call {
  readonly method?: string;
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly rawBody?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

const parse = (text: string, type: string | null): unknown =>
  /^application\/(problem\+)?json\b/.test(type ?? '') && text !== '' ? JSON.parse(text) : text;

/** Talks HTTP to a running application, as somebody or as nobody. */
export class HttpClient {
  constructor(
    readonly url: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  with(headers: Readonly<Record<string, string>>): HttpClient {
    return new HttpClient(this.url, { ...this.headers, ...headers });
  }

  withToken(accessToken: string): HttpClient {
    return this.with({ authorization: `Bearer ${accessToken}` });
  }

  async call<T = unknown>(
    path: string,
    { method = 'GET', body, rawBody, headers = {} }: Call = {},
  ): Promise<Answer<T>> {
    plantBody('sent', body);
    const payload = rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`${this.url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...this.headers,
        ...headers,
      },
      ...(payload === undefined ? {} : { body: payload }),
    });
    const text = await response.text();
    const answer = parse(text, response.headers.get('content-type')) as T;
    plantBody('received', answer);
    return { status: response.status, headers: response.headers, body: answer, text };
  }

  get<T = unknown>(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer<T>> {
    return this.call<T>(path, { headers });
  }

  post<T = unknown>(
    path: string,
    body: unknown = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<T>> {
    return this.call<T>(path, { method: 'POST', body, headers });
  }

  patch<T = unknown>(path: string, body: unknown = {}): Promise<Answer<T>> {
    return this.call<T>(path, { method: 'PATCH', body });
  }

  delete<T = unknown>(path: string): Promise<Answer<T>> {
    return this.call<T>(path, { method: 'DELETE' });
  }
}
