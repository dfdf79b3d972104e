import { foldText } from './reply.js';

/** What was answered by itself to one contact, since that contact was last quiet. */
export interface Exchange {
  readonly since: Date;
  readonly replies: number;
  /** The newest of them; null before the first. */
  readonly lastText: string | null;
  /** When the contact last wrote something that could be answered. */
  readonly lastAt: Date;
}

export const EXCHANGE = {
  /** More are not answered until the contact has been quiet. */
  maxReplies: 5,
  quietMs: 10 * 60_000,
} as const;

export interface NextExchange {
  readonly isAnswered: boolean;
  readonly exchange: Exchange;
}

/**
 * Whether one more text is answered. Another machine that answers every answer gets a few and then none, so that it has
 * nothing to answer any more; a count that began anew with the clock would let the two go on for ever.
 */
export const continueExchange = (
  known: Exchange | null,
  { text, reply, at }: { readonly text: string; readonly reply: string; readonly at: Date },
): NextExchange => {
  const isOver = known === null || at.getTime() - known.lastAt.getTime() > EXCHANGE.quietMs;
  const current = isOver ? { since: at, replies: 0, lastText: null, lastAt: at } : known;
  const isOurOwn = current.lastText !== null && foldText(current.lastText) === foldText(text);
  if (isOurOwn || current.replies >= EXCHANGE.maxReplies) {
    return { isAnswered: false, exchange: { ...current, lastAt: at } };
  }
  return {
    isAnswered: true,
    exchange: { since: current.since, replies: current.replies + 1, lastText: reply, lastAt: at },
  };
};
