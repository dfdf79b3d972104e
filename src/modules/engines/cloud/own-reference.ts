import type { SendCommand, SentTry } from '../engine.port.js';

const WRITTEN = /^(msg_[0-9A-Za-z]{1,60}):([1-9][0-9]{0,8})$/;

/** What Meta repeats in every status of a message, as `biz_opaque_callback_data`. */
export const writeReference = ({ messageId, attempt }: Pick<SendCommand, 'messageId' | 'attempt'>): string =>
  `${messageId}:${String(attempt)}`;

/** Null for what is none of ours: others may send by the same number. */
export const readReference = (written: string | null): SentTry | null => {
  const [, messageId, attempt] = WRITTEN.exec(written ?? '') ?? [];
  return messageId === undefined || attempt === undefined ? null : { messageId, attempt: Number(attempt) };
};
