/** What WhatsApp takes in one text, in characters as people count them. */
export const MAX_TEXT_LENGTH = 4096;
/** Under an image, a video or a document. */
export const MAX_CAPTION_LENGTH = 1024;

/** A text that can be sent and kept: PostgreSQL keeps neither U+0000 nor half of a surrogate pair. */
export const isMessageText = (text: string, maxLength = MAX_TEXT_LENGTH): boolean =>
  text !== '' && Array.from(text).length <= maxLength && text.isWellFormed() && !text.includes('\0');

/** What a contact wrote, as near to it as it can be kept: what cannot be kept becomes U+FFFD. */
export const toStorableText = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');
