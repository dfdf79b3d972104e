/** Who this page is: the device of the profile, the account once it is logged in, and how it got there. */
export const session = {
  /** {deviceId, noise, identity, adv} and, once paired, {secret, phone}. */
  device: null,
  /** {pn, lid, pushname} once logged in. */
  me: null,
  linkType: 'QR',
  offlinePercent: 0,
  hasSyncedOnce: false,
  loggedOut: false,
  /** The device is in use elsewhere; the page stays away until it takes over. */
  conflictHold: false,
};

export function isMe(address) {
  const text = typeof address === 'string' ? address : address && address._serialized;
  if (!session.me || !text) return false;
  return text === session.me.pn._serialized || (!!session.me.lid && text === session.me.lid._serialized);
}

/** What the socket orders from the life cycle, which is loaded after it and puts itself in here. */
export const lifeCycle = {
  connect() {},
  async logOut() {},
};
