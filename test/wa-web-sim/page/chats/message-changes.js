/** What happens to a message after it has been there: taken back, or edited. */
import { MsgKey } from '../base/ids.js';
import { nowSeconds } from '../base/time.js';

export function applyRevoke(msg, by, subtype) {
  const { fromMe, remote, id, participant } = msg.id;
  const protocolMessageKey = new MsgKey({ fromMe, remote, id, participant });
  // Set without an event of its own: listeners of change:type read it.
  msg.attributes.protocolMessageKey = protocolMessageKey;
  msg.defineAttributes({ protocolMessageKey });
  msg.set({
    type: 'revoked',
    subtype,
    body: undefined,
    caption: undefined,
    directPath: undefined,
    revokeSender: by,
    revokeTimestamp: nowSeconds(),
  });
}

export function applyEdit(msg, text, at = Date.now()) {
  const hasCaption = msg.attributes.directPath || (msg.attributes.caption !== undefined && msg.isMedia);
  msg.set({
    [hasCaption ? 'caption' : 'body']: text,
    latestEditMsgKey: msg.id,
    latestEditSenderTimestampMs: at,
  });
}
