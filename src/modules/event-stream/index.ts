/** Tells programs what happens, as it happens, out of the journal: whoever comes back misses nothing. */
export { EventStreamModule } from './event-stream.module.js';
