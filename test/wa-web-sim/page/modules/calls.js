import { Collection } from '../base/model.js';

/** whatsapp-web.js looks for a Map among this collection's own properties and listens to what is put in. */
export const callCollection = Object.assign(new Collection(), { _callMap: new Map(), activeCall: null });

export const callModules = {
  WAWebCallCollection: callCollection,
  WAWebGenerateEventCallLink: { createEventCallLink: async () => 'https://call.whatsapp.com/video/sim' },
};
