import type { WhatsAppWindow } from './whatsapp-window.js';

// Every function here runs in the page: it is sent there as text, so it may use nothing from outside itself.

/** Adds the next piece of a file that is being handed over, in base64. */
export const addPiece = (key: string, base64: string): void => {
  const { waypost } = window as unknown as WhatsAppWindow;
  if (!waypost) throw new Error('The page has been loaded anew.');
  const binary = atob(base64);
  const piece = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) piece[at] = binary.charCodeAt(at);
  waypost.files ??= {};
  (waypost.files[key] ??= []).push(piece);
};

export const dropFile = (key: string): void => {
  const { waypost } = window as unknown as WhatsAppWindow;
  if (waypost?.files) waypost.files[key] = undefined;
};

/** Has WhatsApp look for the file of a message: its stage, in WhatsApp's word; or what stands against it. */
export const findFile = async (messageId: string, maxBytes: number): Promise<string> => {
  const { Msg } = (window as unknown as WhatsAppWindow).require('WAWebCollections');
  const message = Msg.get(messageId) ?? (await Msg.getMessagesById([messageId]))?.messages[0];
  if (!message?.mediaData) return 'GONE';
  if ((message.size ?? 0) > maxBytes) return 'TOO_LARGE';
  // While the phone uploads it again nothing can be fetched.
  if (!['RESOLVED', 'REUPLOADING'].includes(message.mediaData.mediaStage)) {
    await message.downloadMedia({ downloadEvenIfExpensive: true, rmrReason: 1 });
  }
  return message.mediaData.mediaStage;
};

export interface OpenedFile {
  readonly size: number;
  readonly mimetype: string | null;
  readonly filename: string | null;
}

/** Keeps a file that was found in the page, decrypted, until it is dropped; null when WhatsApp has it no more. */
export const openFile = async (messageId: string, key: string): Promise<OpenedFile | null> => {
  const page = window as unknown as WhatsAppWindow;
  const message = page.require('WAWebCollections').Msg.get(messageId);
  if (!message || !page.waypost) throw new Error('The page has been loaded anew.');
  const { directPath, encFilehash, filehash, mediaKey, mediaKeyTimestamp, type, mimetype, filename } = message;
  const measured = { addAnnotations: () => measured, addPoint: () => measured };
  const wanted = { directPath, encFilehash, filehash, mediaKey, mediaKeyTimestamp, type };
  const { downloadManager } = page.require('WAWebDownloadManager');
  try {
    const { signal } = new AbortController();
    const data = await downloadManager.downloadAndMaybeDecrypt({ ...wanted, signal, downloadQpl: measured });
    page.waypost.files ??= {};
    page.waypost.files[key] = [new Uint8Array(data)];
    return { size: data.byteLength, mimetype: mimetype ?? null, filename: filename ?? null };
  } catch (error) {
    if ([404, 410].includes((error as { readonly status?: number }).status ?? 0)) return null;
    throw error;
  }
};

/** A piece of a file that was opened, in base64. */
export const readPiece = async (key: string, start: number, end: number): Promise<string> => {
  const [data] = (window as unknown as WhatsAppWindow).waypost?.files?.[key] ?? [];
  if (!data) throw new Error('The page has been loaded anew.');
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      resolve((reader.result as string).split(',')[1] ?? '');
    };
    reader.onerror = () => {
      reject(new Error('The file could not be read.'));
    };
    reader.readAsDataURL(new Blob([data.subarray(start, end)]));
  });
};
