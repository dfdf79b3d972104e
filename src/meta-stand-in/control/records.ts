import { type ControlHandler } from './control-call.js';

/** `GET calls`: what was asked of the Graph API, newest last. */
export const listCalls: ControlHandler = ({ world, query }) => {
  const operation = query.get('operation');
  const data = world.calls.all().filter((call) => operation === null || call.operation === operation);
  return { total: world.calls.total, data };
};

/** `GET reads`: messages that the business has marked as read, and whether it showed that it types. */
export const listReads: ControlHandler = ({ world }) => ({ data: world.readMarks.all() });

/** `GET deliveries`: every attempt to tell a webhook something. */
export const listDeliveries: ControlHandler = ({ world }) => ({
  ...world.sender.count(),
  data: world.sender.records.all(),
});
