/** How puppeteer and whatsapp-web.js speak when a page went away under a call that nobody waits for. */
const WORDS = [
  'Execution context was destroyed',
  'Execution context is not available in detached frame',
  'Attempted to use detached Frame',
  'Cannot find context with specified id',
  'Navigating frame was detached',
  'Session closed',
  'Target closed',
  'Connection closed',
  'Protocol error',
  'Most likely the page has been closed',
  'Promise was collected',
];
const THROWN_STRINGS: readonly unknown[] = ['auth timeout', 'ready timeout'];
const LIBRARY_FRAME = /[\\/]node_modules[\\/](whatsapp-web\.js|puppeteer|puppeteer-core|@puppeteer)[\\/]/;

const isOfTheLibrary = (reason: unknown): boolean => {
  if (!(reason instanceof Error)) return THROWN_STRINGS.includes(reason);
  return WORDS.some((word) => reason.message.includes(word)) || LIBRARY_FRAME.test(reason.stack ?? '');
};

/**
 * Keeps the process alive when a promise inside whatsapp-web.js is rejected and nobody listens; every other unhandled
 * rejection still ends it, as Node does. Gives back the way to undo this.
 */
export const containWebRejections = (onContained: (reason: Error) => void): (() => void) => {
  const listener = (reason: unknown): void => {
    if (!isOfTheLibrary(reason)) {
      throw reason instanceof Error ? reason : new Error(`A promise was rejected with: ${String(reason)}`);
    }
    onContained(reason instanceof Error ? reason : new Error(String(reason)));
  };
  process.on('unhandledRejection', listener);
  return () => process.off('unhandledRejection', listener);
};
