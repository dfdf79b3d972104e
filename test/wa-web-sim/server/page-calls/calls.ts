import type { Page } from '../pages.ts';

/**
 * Calls by name. `never` accepts a function of any parameter: what arrives is what our own page sends, and the
 * page's module says what that is.
 */
export type Calls<P extends Page> = Readonly<Record<string, (page: P, parameters: never) => unknown>>;
