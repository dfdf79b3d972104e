import { chatAddress, newInviteCode, randomHex, userAddress } from '../addresses.ts';
import type { Group, Participant, SeenGroup } from '../contract.ts';
import {
  admission,
  announce,
  asSeen,
  changeMember,
  groupById,
  groupByInvite,
  type MembershipChange,
  newGroup,
} from '../groups.ts';
import type { PairedPage } from '../pages.ts';
import type { World } from '../world.ts';
import type { Calls } from './calls.ts';

interface About {
  readonly id: string;
}

interface CreateGroup {
  readonly subject: string;
  readonly participants: readonly string[];
  readonly options?: Partial<Group>;
}

interface GroupAnswer {
  readonly group: SeenGroup;
  readonly results?: readonly { readonly id: string; readonly code: number }[];
}

/** The life of groups: created, changed, joined, left. */
export function callsAboutGroups(world: World): Calls<PairedPage> {
  return { ...lookups(world), ...changes(world), ...invitations(world) };
}

function lookups(world: World): Calls<PairedPage> {
  return {
    group(_page: PairedPage, { id }: About): SeenGroup | null {
      const group = world.groups.get(id);
      return group ? asSeen(world, group) : null;
    },

    groupRefresh(_page: PairedPage, { id }: About): GroupAnswer {
      return { group: asSeen(world, groupById(world, id)) };
    },
  };
}

function changes(world: World): Calls<PairedPage> {
  return {
    async createGroup(page: PairedPage, { subject, participants, options }: CreateGroup): Promise<GroupAnswer> {
      await world.faults.strike('createGroup', page.phone);
      const { wid } = world.accounts.of(page.phone);
      const members: Participant[] = [{ id: wid, admin: 'superadmin' }];
      const results = participants.map((address) => {
        const phone = world.numbers.phoneOf(address);
        const code = admission(world, phone);
        if (phone && code === 200) members.push({ id: userAddress(phone) });
        return { id: chatAddress(address), code };
      });
      const group = newGroup({ subject, owner: wid, participants: members, ...options });
      world.groups.set(group.id, group);
      const recipients = members.map(({ id }) => id);
      announce(world, group, { subtype: 'create', author: wid, recipients, body: subject });
      world.journal.record('group-created', { phone: page.phone, id: group.id, subject });
      return { group: asSeen(world, group), results };
    },

    groupSet(page: PairedPage, { id, k, v }: About & { readonly k: string; readonly v: string }): GroupAnswer {
      const group = groupById(world, id);
      const subtype = setProperty(group, k, v);
      announce(world, group, { subtype, author: world.accounts.of(page.phone).wid, body: v });
      return { group: asSeen(world, group) };
    },

    groupParts(page: PairedPage, request: About & { op: MembershipChange; ids: readonly string[] }): GroupAnswer {
      const group = groupById(world, request.id);
      const results = request.ids.map((address) => {
        const member = userAddress(world.numbers.phoneOf(address) ?? '');
        return { id: member, code: changeMember(world, group, request.op, member) };
      });
      const recipients = results.filter(({ code }) => code === 200).map(({ id }) => id);
      const author = world.accounts.of(page.phone).wid;
      if (recipients.length > 0) announce(world, group, { subtype: request.op, author, recipients });
      return { group: asSeen(world, group), results };
    },
  };
}

function invitations(world: World): Calls<PairedPage> {
  return {
    inviteCode(_page: PairedPage, { id }: About): { code: string } {
      return { code: groupById(world, id).invite };
    },

    resetInvite(_page: PairedPage, { id }: About): { code: string } {
      const group = groupById(world, id);
      group.invite = newInviteCode();
      return { code: group.invite };
    },

    groupByInvite(_page: PairedPage, { code }: { readonly code: string }): GroupAnswer {
      return { group: asSeen(world, groupByInvite(world, code)) };
    },

    joinInvite(page: PairedPage, { code }: { readonly code: string }): GroupAnswer {
      const group = groupByInvite(world, code);
      const { wid } = world.accounts.of(page.phone);
      if (!group.participants.some(({ id }) => id === wid)) {
        group.participants.push({ id: wid });
        announce(world, group, { subtype: 'invite', author: wid, recipients: [wid] });
      }
      return { group: asSeen(world, group) };
    },
  };
}

/** Sets a property of a group; the name under which its members hear of it. */
function setProperty(group: Group, name: string, value: string): string {
  const isOn = Boolean(value);
  switch (name) {
    case 'subject':
      group.subject = value;
      return name;
    case 'desc':
      group.desc = value;
      group.descId = randomHex(8);
      return 'description';
    case 'announcement':
      group.announce = isOn;
      return 'announce';
    case 'restrict':
      group.restrict = isOn;
      return name;
    case 'member_add_mode':
      group.memberAddMode = isOn ? 'all_member_add' : 'admin_add';
      return name;
    default:
      return name;
  }
}
