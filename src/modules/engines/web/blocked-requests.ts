import type { BrowserPage } from './library.js';

const PICTURES = ['png', 'jpg', 'jpeg', 'gif', 'webp', 'avif', 'svg', 'ico'];
const FONTS = ['woff', 'woff2', 'ttf', 'otf'];

const files = (endings: readonly string[]): string[] =>
  ['https://*.whatsapp.com', 'https://*.whatsapp.net'].flatMap((place) =>
    endings.map((ending) => `${place}/*.${ending}`),
  );

/**
 * What the page of a session requests and nobody needs, by the reason why not. What contacts send lies encrypted under
 * `.enc` and is fetched by the page's program; what it shows of that are `blob:` and `data:` addresses. Both go through,
 * as does all that is script, style, socket or page (ADR 0103).
 */
export const BLOCKED_REQUESTS: Readonly<Record<string, readonly string[]>> = {
  'Pictures of people and groups: nobody looks at the page, and their addresses are told without them.': [
    'https://pps.whatsapp.net/*',
    'https://media*.cdn.whatsapp.net/v/t61.*',
  ],
  'Drawings of the page itself and emoji: as above.': files(PICTURES),
  'Fonts: text has the same letters in any of them.': files(FONTS),
  'Reports about crashes and speed: WhatsApp runs without them, and they tell about a page that we have changed.': [
    'https://crashlogs.whatsapp.net/*',
    'https://dit.whatsapp.net/deidentified_telemetry',
    'https://graph.whatsapp.com/wa_qpl_data',
    'https://graph.whatsapp.net/wa_qpl_data',
  ],
};

/**
 * The browser refuses these by itself for as long as the page lives. Interception would ask us about every request, and
 * switches the cache of the page off. A browser that does not know such patterns yet blocks nothing: its older ones
 * match an ending anywhere in an address, and would take files of messages for pictures.
 */
export const blockRequests = async (page: BrowserPage): Promise<void> => {
  const session = await page.createCDPSession();
  await session.send('Network.enable');
  const urlPatterns = Object.values(BLOCKED_REQUESTS)
    .flat()
    .map((urlPattern) => ({ urlPattern, block: true }));
  await session.send('Network.setBlockedURLs', { urlPatterns }).catch(() => undefined);
};
