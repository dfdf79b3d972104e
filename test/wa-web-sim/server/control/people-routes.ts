import { chatAddress, digits, userAddress } from '../addresses.ts';
import type { GroupRequest, NumberEntry } from '../contract.ts';
import { newGroup } from '../groups.ts';
import type { ControlContext, Routes } from './route.ts';
import { phoneOf } from './select.ts';

/** Who exists: numbers, names, groups. */
export function peopleRoutes({ world }: ControlContext): Routes {
  return {
    'POST /registered': (entry: NumberEntry) => world.numbers.learn(entry),
    'POST /group': (request: GroupRequest) => {
      const owner = userAddress(request.owner ? digits(request.owner) : phoneOf(world, request));
      const members = request.participants?.map((address) => ({ id: chatAddress(address) })) ?? [];
      const group = newGroup({
        ...(request.id ? { id: request.id } : {}),
        subject: request.subject ?? 'Sim group',
        owner,
        desc: request.desc ?? '',
        participants: [{ id: owner, admin: 'superadmin' }, ...members],
      });
      world.groups.set(group.id, group);
      for (const { id } of group.participants) world.pages.tell(digits(id), { t: 'group', group });
      return group;
    },
  };
}
