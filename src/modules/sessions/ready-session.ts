import type { EngineHandle, EngineName } from '../engines/index.js';
import type { Opening } from './opening.js';

/** What a send needs of a READY session. */
export interface ReadySession {
  readonly sessionId: string;
  readonly engine: EngineName;
  readonly handle: EngineHandle;
  /** Of the lease under which this process drives it. */
  readonly fence: bigint;
}

export const toReadySession = (opening: Opening | undefined): ReadySession | null => {
  const handle = opening?.handle;
  if (opening?.isReady !== true || handle === undefined) return null;
  const { sessionId, engine, fence } = opening.options;
  return { sessionId, engine, handle, fence };
};
