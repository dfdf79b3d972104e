import { defineEvent } from '../../../kernel/events/event-definition.js';

/** Somebody wants no more messages. */
export const OptedOut = defineEvent<{ phone: string; source: string }>()('whatsapp.opted_out');
/** Somebody who wanted no messages wants them again. */
export const OptedIn = defineEvent<{ phone: string; source: string }>()('whatsapp.opted_in');
