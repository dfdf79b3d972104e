import { digits, newGroupAddress, newInviteCode, nowSeconds, randomHex } from './addresses.ts';
import type { Group, Participant, SeenGroup, SeenParticipant } from './contract.ts';
import { required } from './sim-error.ts';
import type { World } from './world.ts';

export interface GroupNotice {
  readonly subtype: string;
  readonly author: string;
  readonly recipients?: readonly string[];
  readonly body?: string;
}

export function newGroup(fields: Partial<Group> & Pick<Group, 'subject' | 'owner' | 'participants'>): Group {
  return { id: newGroupAddress(), creation: nowSeconds(), desc: '', invite: newInviteCode(), ...fields };
}

export function groupById(world: World, id: string): Group {
  return required(world.groups.get(id), 404);
}

export function groupByInvite(world: World, code: string): Group {
  const groups = [...world.groups.values()];
  return required(
    groups.find(({ invite }) => invite === code),
    404,
  );
}

/** A group as pages see it: its members under their LIDs when the simulator hides numbers. */
export function asSeen(world: World, group: Group): SeenGroup {
  if (!world.config.lidMode) return group;
  const hide = (member: Participant): SeenParticipant => ({
    ...member,
    id: world.numbers.lidOf(digits(member.id)),
    pn: member.id,
  });
  return { ...group, isLidAddressingMode: true, participants: group.participants.map(hide) };
}

/** Tells every simulated member, and everybody concerned, that a group has changed. */
export function announce(world: World, group: Group, notice: GroupNotice): void {
  const { subtype, author, recipients = [], body } = notice;
  const concerned = new Set([...group.participants.map(({ id }) => digits(id)), ...recipients.map(digits)]);
  for (const phone of concerned) {
    const account = world.accounts.find(phone);
    if (!account) continue;
    const msg = {
      id: `false_${group.id}_${digits(author)}${String(Date.now())}${randomHex(2)}_${author}`,
      from: group.id,
      to: account.wid,
      author,
      type: 'gp2',
      subtype,
      recipients,
      body,
      t: nowSeconds(),
      ack: 1,
    };
    world.pages.tell(phone, { t: 'group', group: asSeen(world, group) });
    world.pages.tell(phone, { t: 'message', msg });
  }
}

export type MembershipChange = 'add' | 'remove' | 'leave' | 'promote' | 'demote';

/** Changes one member; the status that WhatsApp would give. */
export function changeMember(world: World, group: Group, change: MembershipChange, address: string): number {
  const member = group.participants.find(({ id }) => id === address);
  if (change === 'add') return addMember(world, group, member, address);
  if (!member) return 404;
  if (change === 'promote') member.admin = 'admin';
  else if (change === 'demote') delete member.admin;
  else group.participants.splice(group.participants.indexOf(member), 1);
  return 200;
}

/** Why a number cannot become a member: 404 unknown, 403 it does not allow it; 200 when it can. */
export function admission(world: World, phone: string | null): number {
  if (!phone || !world.isRegistered(phone)) return 404;
  return world.numbers.find(phone)?.privacyGroups ? 403 : 200;
}

function addMember(world: World, group: Group, member: Participant | undefined, address: string): number {
  if (member) return 409;
  const status = admission(world, digits(address));
  if (status === 200) group.participants.push({ id: address });
  return status;
}
