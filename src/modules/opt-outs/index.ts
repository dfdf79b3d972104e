/**
 * Who wants no messages. Owns the opt-outs and the words by which contacts ask for one; whoever sends asks here first.
 */
export { OptedIn, OptedOut } from './domain/opt-out.events.js';
export { RecipientOptedOutError } from './opt-out.errors.js';
export { OptOuts } from './opt-outs.js';
export { OptOutsModule } from './opt-outs.module.js';
export { StopWords } from './stop-words.js';
