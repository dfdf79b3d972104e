import { isRecord, type Json } from '../base/json.js';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  readonly remoteAddress: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What a fault does to the connection instead of answering. */
export type Silence = 'cut' | 'hang';

/** An answer of which only a part leaves before the connection ends. */
export interface Truncated {
  readonly truncated: Answer;
}

export type Outcome = Answer | Silence | Truncated;

export const answerJson = (value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=UTF-8', ...headers },
  body: Buffer.from(JSON.stringify(value)),
});

export const answerText = (text: string, status: number, contentType = 'text/plain'): Answer => ({
  status,
  headers: { 'content-type': contentType },
  body: Buffer.from(text),
});

/** The body as a JSON object, or why it is none. */
export const readJson = (call: Call): Json | 'not-json' | 'not-an-object' => {
  if (call.body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(call.body.toString('utf8'));
    return isRecord(value) ? value : 'not-an-object';
  } catch {
    return 'not-json';
  }
};
