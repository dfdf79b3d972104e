/** Groups: made, changed, joined, left. */
import { createWid, serialized } from '../base/ids.js';
import { nowSeconds } from '../base/time.js';
import { takeGroup } from '../chats/finding.js';
import { act, ask } from '../link.js';
import { session } from '../session.js';

const INVITE_LIVES_SECONDS = 259_200;

/** Asks the service; the state of the group that comes with the answer is taken at once. */
async function askGroup(method, parameters) {
  const answer = await ask(method, parameters);
  if (answer && answer.group) takeGroup(answer.group);
  return answer;
}

function setProperty(id, name, value) {
  return askGroup('groupSet', { id: serialized(id), k: name, v: value });
}

function changeMembers(change) {
  return async (chat, members) =>
    askGroup('groupParts', { id: serialized(chat.id), op: change, ids: members.map(({ id }) => serialized(id)) });
}

async function createGroup(about, members) {
  const options = typeof about === 'object' ? { announce: about.announce, restrict: about.restrict } : {};
  const { group, results } = await askGroup('createGroup', {
    subject: about.title || about,
    options,
    participants: members.map((member) => serialized(member.phoneNumber || member)),
  });
  const participants = results.map(({ id, code }) => ({
    wid: createWid(id),
    error: code === 200 ? undefined : code,
    type: undefined,
  }));
  return { wid: createWid(group.id), subject: group.subject, participants };
}

async function queryGroupInvite(code) {
  const { group } = await askGroup('groupByInvite', { code });
  return {
    id: createWid(group.id),
    subject: group.subject,
    size: group.participants.length,
    owner: group.owner && createWid(group.owner),
    creation: group.creation,
    desc: group.desc,
  };
}

async function joinGroupViaInvite(code) {
  const { group } = await askGroup('joinInvite', { code });
  return { gid: createWid(group.id) };
}

async function joinGroupViaInviteV4(code, _expiration, gid) {
  await act('joinV4', { code, gid });
  return { status: 200 };
}

/** The answer to adding a member, in the shape of WhatsApp's own protocol. */
async function sendAddParticipantsRPC({ participantArgs, iqTo }) {
  const ids = participantArgs.map(({ participantJid }) => createWid(participantJid)._serialized);
  const { results } = await askGroup('groupParts', { id: iqTo, op: 'add', ids });
  const { code } = results[0];
  const refusal = {
    name: code === 403 ? 'ParticipantRequestCodeCanBeSent' : 'Error',
    value: { error: String(code), addRequestCode: 'INV4', addRequestExpiration: nowSeconds() + INVITE_LIVES_SECONDS },
  };
  const mixins = { addParticipantsParticipantMixins: code === 200 ? undefined : refusal };
  const participant = {
    addParticipantsParticipantAddedOrNonRegisteredWaUserParticipantErrorLidResponseMixinGroup: { value: mixins },
  };
  return { name: 'AddParticipantsResponseSuccess', value: { addParticipant: [participant] } };
}

async function sendGroupInviteMessage(chat, gid, subject, code) {
  await act('groupInvite', { to: serialized(chat.id), gid, subject, code });
  return { messageSendResult: 'OK' };
}

export const groupModules = {
  WAWebGroupCreateJob: { createGroup },
  WAWebGroupQueryJob: {
    queryAndUpdateGroupMetadataById: async (target) =>
      askGroup('groupRefresh', { id: serialized(target && target.id && !target._serialized ? target.id : target) }),
    queryGroupInvite,
    resetGroupInviteCode: async (id) => askGroup('resetInvite', { id: serialized(id) }),
    queryGroupInviteCode: async (id) => askGroup('inviteCode', { id: serialized(id) }),
  },
  WAWebMexFetchGroupInviteCodeJob: {
    fetchMexGroupInviteCode: async (id) => (await askGroup('inviteCode', { id: serialized(id) })).code,
  },
  WAWebGroupInviteJob: { joinGroupViaInvite },
  WAWebGroupInviteV4Job: { joinGroupViaInviteV4 },
  WAWebGroupModifyInfoJob: {
    setGroupSubject: async (id, subject) => setProperty(id, 'subject', subject),
    setGroupDescription: async (id, text) => setProperty(id, 'desc', text),
    setGroupProperty: async (id, name, value) => setProperty(id, name, value),
  },
  WAWebSetPropertyGroupAction: { setGroupProperty: async (chat, name, value) => setProperty(chat.id, name, value) },
  WAWebModifyParticipantsGroupAction: {
    removeParticipants: changeMembers('remove'),
    promoteParticipants: changeMembers('promote'),
    demoteParticipants: changeMembers('demote'),
  },
  WASmaxGroupsAddParticipantsRPC: { sendAddParticipantsRPC },
  WASmaxGroupsMembershipRequestsActionRPC: {
    sendMembershipRequestsActionRPC: async () => ({ name: 'MembershipRequestsActionResponseSuccess', value: {} }),
  },
  WAWebApiMembershipApprovalRequestStore: { getMembershipApprovalRequests: async () => [] },
  WAWebExitGroupAction: { sendExitGroup: async (chat) => changeMembers('leave')(chat, [{ id: session.me.pn }]) },
  WAWebChatSendMessages: { sendGroupInviteMessage },
};
