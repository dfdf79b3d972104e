import { type Json } from '../base/json.js';
import { type SentFilter, type SentMessage } from '../state/sent-log.js';
import { type ControlHandler } from './control-call.js';

const describe = ({ number, person, ...message }: SentMessage): Json => ({
  id: message.id,
  phone_number_id: number.id,
  to: message.to,
  wa_id: person.waId,
  user_id: person.userId,
  type: message.type,
  category: message.category,
  opaque: message.opaque ?? null,
  taken_ms: message.takenMs,
  window_open: message.wasWindowOpen,
  statuses: message.statuses,
  request: message.request,
});

const filterOf = (query: URLSearchParams): SentFilter => ({
  opaque: query.get('opaque') ?? undefined,
  id: query.get('id') ?? undefined,
  to: query.get('to') ?? undefined,
  type: query.get('type') ?? undefined,
  phoneNumberId: query.get('phone_number_id') ?? undefined,
});

/** `GET sent`: what was taken, whether or not the caller was told. */
export const listSent: ControlHandler = ({ world, query }) => ({
  total: world.sent.total,
  data: world.sent.find(filterOf(query)).map(describe),
});

/** `GET arrivals`: how often each opaque id was taken; more than once is a message sent twice. */
export const countArrivals: ControlHandler = ({ world, query }) => {
  const counts: Record<string, number> = {};
  for (const { opaque = '' } of world.sent.find(filterOf(query))) counts[opaque] = (counts[opaque] ?? 0) + 1;
  return { total: world.sent.total, counts };
};
