/** The modules from which whatsapp-web.js makes the QR, the pairing code and the log-in. */
import { fromBase64, toBase64 } from '../base/encoding.js';
import { Cmd } from '../commands.js';
import { ask } from '../link.js';
import { session } from '../session.js';
import { settings } from '../settings.js';
import { Conn, refreshQR, Socket, Stream } from '../socket.js';

const ALT_LINKING = 'ALT_DEVICE_LINKING';

function keyPair(name) {
  return { pubKey: fromBase64(session.device[name]).buffer, privKey: new ArrayBuffer(32) };
}

async function startAltLinkingFlow(phone, notify) {
  const answer = await ask('pairCode', { phone, notify });
  if (answer.error) throw new Error(answer.error);
  return answer.code;
}

// It has moved to WAWebUserPrefsMultiDevice; whatsapp-web.js before 1.34.7 looks for it in its old place.
const legacySecret = settings.legacyModules !== false ? { getADVSecretKey: () => session.device.adv } : {};

export const pairingModules = {
  WAWebSocketModel: { Socket },
  WAWebStreamModel: { Stream },
  WAWebConnModel: { Conn },
  WAWebCmd: { Cmd },
  WAWebOfflineHandler: { OfflineMessageHandler: { getOfflineDeliveryProgress: () => session.offlinePercent } },
  WAWebAltDeviceLinkingApi: {
    setPairingType(type) {
      session.linkType = type;
    },
    async initializeAltDeviceLinking() {},
    async initializeQRLinking() {
      session.linkType = 'QR';
      await ask('refreshQR', {});
    },
    startAltLinkingFlow,
  },
  WAWebLaunchSocketUtils: { refreshQR },
  WABase64: { encodeB64: toBase64, decodeB64: (text) => fromBase64(text).buffer },
  WAWebCompanionRegClientUtils: { DEVICE_PLATFORM: '1', getCompanionPlatform: () => '1' },
  WAWebAdvSignatureApi: {
    generateADVSecretKey() {},
    verifySKeyIndexWithAccountSignature() {},
    ...legacySecret,
  },
  WAWebUserPrefsInfoStore: { waNoiseInfo: { get: async () => ({ staticKeyPair: keyPair('noise') }) } },
  WAWebSignalStoreApi: {
    waSignalStore: {
      getRegistrationInfo: async () => ({ identityKeyPair: keyPair('identity'), registrationId: 1 }),
    },
  },
  WAWebUserPrefsMultiDevice: {
    // As on the real page there is none while a pairing code is in use.
    getADVSecretKey: () => (session.linkType === ALT_LINKING ? null : session.device.adv),
  },
  WAWebMiscBrowserUtils: { info: () => ({ os: 'Linux', name: 'Chrome', version: '1' }) },
};
