import { serialized } from '../base/ids.js';
import { Collection } from '../base/model.js';
import { ask } from '../link.js';
import { Msg } from './message.js';
import { takeMessage } from './message-records.js';

export class MsgCollection extends Collection {
  constructor() {
    super(Msg);
  }

  async getMessagesById(ids) {
    const messages = [];
    for (const id of ids.map(serialized)) {
      const msg = this.get(id) || (await fetchMessage(id));
      if (msg) messages.push(msg);
    }
    return { messages };
  }

  async search(text, page = 1, count = 50, remote = undefined) {
    const wanted = String(text).toLowerCase();
    const found = this._models.filter((msg) => {
      const isHere = !remote || serialized(msg.id.remote) === serialized(remote);
      return (
        isHere &&
        String(msg.body || msg.caption || '')
          .toLowerCase()
          .includes(wanted)
      );
    });
    return { messages: found.slice((page - 1) * count, page * count), eof: true };
  }
}

async function fetchMessage(id) {
  const record = await ask('getMsg', { id });
  return record ? takeMessage(record, { history: true }) : undefined;
}
