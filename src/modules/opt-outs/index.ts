/**
 * Who wants no messages. Owns the opt-outs and the words by which contacts ask for one; whoever sends asks here first.
 */
export { readStopWord } from './domain/stop-words.js';
export { RecipientOptedOutError } from './opt-out.errors.js';
export { OptOutsModule } from './opt-outs.module.js';
export { StopWords } from './stop-words.js';
