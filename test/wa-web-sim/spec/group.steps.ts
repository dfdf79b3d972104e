import type wweb from 'whatsapp-web.js';
import { BOB, BOB_CHAT, ME, type Stage, UNREGISTERED } from './stage.ts';

const NEWCOMER = '5511922222222@c.us';
const GHOST = `${UNREGISTERED}@c.us`;

/** The whole life of a group, in one step. */
export function groupSteps(at: () => { stage: Stage; client: wweb.Client }): void {
  it('makes a group, writes and hears in it, changes it and leaves it', async () => {
    const { stage, client } = at();
    const mark = stage.mark();
    const created = (await client.createGroup('Demo group', [BOB_CHAT, GHOST])) as wweb.CreateGroupResult;
    const id = (created.gid as unknown as { _serialized: string })._serialized;
    expect(created.participants).toMatchObject({ [BOB_CHAT]: { statusCode: 200 }, [GHOST]: { statusCode: 404 } });

    const { id: sentKey } = await client.sendMessage(id, 'hello group');
    const isSent = (m: wweb.Message, ack: number): boolean => m.id._serialized === sentKey._serialized && ack >= 1;
    await stage.event('message_ack', mark, isSent);
    await stage.control.incoming({ phone: ME, group: id, from: BOB, body: 'hi group' });
    const [heard] = await stage.event('message', mark, ({ body }: wweb.Message) => body === 'hi group');
    expect(heard).toMatchObject({ from: id, author: BOB_CHAT });

    const group = (await client.getChatById(id)) as wweb.GroupChat;
    expect(group.isGroup).toBe(true);
    expect(group.participants).toHaveLength(2);
    expect(await group.setSubject('New subject')).toBe(true);
    await stage.event('group_update', mark, ({ type }: wweb.GroupNotification) => type === ('subject' as unknown));

    expect(await group.addParticipants([NEWCOMER])).toMatchObject({ [NEWCOMER]: { code: 200 } });
    await stage.event('group_join', mark, ({ type }: wweb.GroupNotification) => type === ('add' as unknown));
    await group.promoteParticipants([NEWCOMER]);
    await stage.event('group_admin_changed', mark);
    await group.removeParticipants([NEWCOMER]);
    await stage.event('group_leave', mark);
    expect((await group.getInviteCode()).length).toBeGreaterThan(8);
    await group.leave();
  });
}
