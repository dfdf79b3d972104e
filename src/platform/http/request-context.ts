import { AsyncLocalStorage } from 'node:async_hooks';

/** What is known of the request that this code runs for. */
export interface RequestContext {
  /** UUID; `X-Request-Id` of the answer, `instance` of a problem, `requestId` of log lines and audit entries. */
  readonly requestId: string;
  readonly ip: string;
  /** Who asks; set by the access guard. */
  actor?: { readonly kind: string; readonly id: string; readonly name: string };
}

const storage = new AsyncLocalStorage<RequestContext>();

export const runInRequest = (context: RequestContext, run: () => void): void => {
  storage.run(context, run);
};

/** Undefined outside of a request (jobs, consumers, engine callbacks). */
export const currentRequest = (): RequestContext | undefined => storage.getStore();
