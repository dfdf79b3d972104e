import { defineEvent } from '../../../kernel/events/event-definition.js';

/** A ceiling of the session's pace is reached: what is queued waits until then. Told once for each wait. */
export const LimitReached = defineEvent<{ policy: string; until: string }>()('whatsapp.limit_reached');
