import type { WhatsAppWindow } from './whatsapp-window.js';

// Every function here runs in the page: it is sent there as text, so it may use nothing from outside itself.

/** Asks for the code that links a number without a QR; null when the page shows none to replace. */
export const startPairing = async (digits: string): Promise<string | null> => {
  const page = window as unknown as WhatsAppWindow;
  if (!page.require('WAWebSocketModel').Socket.state.startsWith('UNPAIRED')) return null;
  const linking = page.require('WAWebAltDeviceLinkingApi');
  linking.setPairingType('ALT_DEVICE_LINKING');
  await linking.initializeAltDeviceLinking();
  return linking.startAltLinkingFlow(digits, true);
};
