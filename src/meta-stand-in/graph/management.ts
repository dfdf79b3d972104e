import { type Answer } from '../http/exchange.js';
import { type Account } from '../state/directory.js';
import { type World } from '../state/world.js';
import { GraphError } from './graph-error.js';

const MINUTES_PER_HOUR = 60;

/** Calls that manage an account are counted, and told in headers (Graph API, "Rate limits"). */
export const manage = async (world: World, account: Account, work: () => Promise<Answer>): Promise<Answer> => {
  if (!world.limits.takeManagement(account.id)) {
    throw new GraphError({
      code: 80007,
      message:
        '(#80007) There have been too many calls to this WhatsApp Business Account. Wait a bit and try again. ' +
        'For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting.',
      headers: usageOf(world, account),
    });
  }
  const answer = await work();
  return { ...answer, headers: { ...answer.headers, ...usageOf(world, account) } };
};

const usageOf = ({ limits }: World, { id }: Account): Readonly<Record<string, string>> => {
  const used = limits.usedManagement(id);
  const calls = { call_count: used, total_cputime: 0, total_time: 0 };
  const wait = used < 100 ? 0 : MINUTES_PER_HOUR;
  return {
    'x-app-usage': JSON.stringify(calls),
    'x-business-use-case-usage': JSON.stringify({
      [id]: [{ type: 'whatsapp', ...calls, estimated_time_to_regain_access: wait }],
    }),
  };
};
