import type { Ack, InboundChange, InboundMessage } from '../engines/index.js';

/** Takes what a session's engine reports about messages; resolves when it is stored. A feature above provides it. */
export interface MessageReceiver {
  received(sessionId: string, message: InboundMessage): Promise<void>;
  acked(sessionId: string, ack: Ack): Promise<void>;
  changed(sessionId: string, change: InboundChange): Promise<void>;
  /** Everything that was missed while nobody listened has been handed over. */
  caughtUp(sessionId: string): Promise<void>;
}
