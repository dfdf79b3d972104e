/** Switches, preferences and corners of WhatsApp that need only be there. */
import { randomHex } from '../base/encoding.js';
import { act } from '../link.js';

const itself = (value) => value;
const isOn = () => true;
const nothing = () => {};

export const gateModules = {
  WAWebSyncGatingUtils: { isPlaceholderMessageResendEnabled: () => false },
  WAWebBizGatingUtils: { smbNotesV1Enabled: () => false },
  WAWebStatusGatingUtils: { canCheckStatusRankingPosterGating: () => false },
  WAWebNewsletterGatingUtils: { isNewsletterCreationEnabled: () => false, getNewsletterDirectoryPageSize: () => 50 },
  WAWebUserPrefsGeneral: {
    getAutoDownloadAudio: isOn,
    setAutoDownloadAudio: nothing,
    getAutoDownloadDocuments: isOn,
    setAutoDownloadDocuments: nothing,
    getAutoDownloadPhotos: isOn,
    setAutoDownloadPhotos: nothing,
    getAutoDownloadVideos: isOn,
    setAutoDownloadVideos: nothing,
  },
  WAWebUserPrefsNotifications: { getGlobalOfflineNotifications: () => false, setGlobalOfflineNotifications: nothing },
  WAWebSendNonMessageDataRequest: { sendPeerDataOperationRequest: async () => {} },
  WAWap: {
    wap: (tag, attrs, content) => ({ tag, attrs, content }),
    generateId: () => randomHex(8),
    CustomString: itself,
  },
  WADeprecatedSendIq: {
    deprecatedCastStanza: async (stanza) => act('stanza', stanza),
    deprecatedSendIq: async (stanza) => act('iq', stanza),
  },
  WAWebBotMessageSecret: { genBotMsgSecretFromMsgSecret: async (secret) => secret },
  WAWebBotProfileCollection: { BotProfileCollection: { get: () => ({ personaId: '' }) } },
  WAWebL10N: { getRegion: () => 'US', getLocale: () => 'en' },
};
