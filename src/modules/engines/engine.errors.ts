import { AppError } from '../../kernel/errors/app-error.js';
import type { EngineCapability } from './engine.capabilities.js';
import type { EngineName } from './engine.port.js';

export class UnsupportedByEngineError extends AppError {
  readonly code = 'unsupported-by-engine';
  readonly kind = 'unsupported';

  constructor(engine: EngineName, capability: EngineCapability) {
    super(`The engine "${engine}" cannot do this: ${capability}.`, { extensions: { engine, capability } });
  }
}

export class EngineUnavailableError extends AppError {
  readonly code = 'engine-unavailable';
  readonly kind = 'unavailable';

  constructor(engine: EngineName, reason: string, cause?: unknown) {
    super(reason, { extensions: { engine }, cause });
  }
}

/** Steers the outbox: the provider will never take this message. */
export class SendRefusedError extends Error {
  constructor(
    readonly reasonCode: string,
    detail: string,
  ) {
    super(detail);
    this.name = SendRefusedError.name;
  }
}

/** Steers the outbox: it surely was not sent, and may be tried again. */
export class SendDeferredError extends Error {
  constructor(
    readonly reasonCode: string,
    detail: string,
    readonly retryInMs?: number,
  ) {
    super(detail);
    this.name = SendDeferredError.name;
  }
}

/** How long a message waits when the session could not send at all. */
const OUTAGE_RETRY_MS = 1_000;

/** Surely not sent, and not for its own sake: the session can send nothing now. It counts as no try of the message. */
export class SessionNotConnectedError extends SendDeferredError {
  constructor(reasonCode: string, detail: string, retryInMs = OUTAGE_RETRY_MS) {
    super(reasonCode, detail, retryInMs);
    this.name = SessionNotConnectedError.name;
  }
}

/** The file of an inbound message is larger than asked for; it will not get smaller. */
export class FileTooLargeError extends Error {
  constructor(maxBytes: number) {
    super(`The file has more than ${String(maxBytes)} bytes.`);
    this.name = FileTooLargeError.name;
  }
}

/** What was asked for belongs to another engine than that of the session. */
export class OtherEngineError extends AppError {
  readonly code = 'other-engine';
  readonly kind = 'conflict';

  constructor(sessionId: string, engine: EngineName, needed: EngineName) {
    super(`The session "${sessionId}" runs on the engine "${engine}"; this is for "${needed}".`, {
      extensions: { sessionId, engine },
    });
  }
}
