import { parsePhoneNumber, type PhoneNumber } from './phone-number.js';

/** A group as WhatsApp names it, such as `120363021234567890@g.us`. */
export type GroupAddress = string & { readonly brand: 'GroupAddress' };

/** Where a message goes. */
export type Recipient = PhoneNumber | GroupAddress;

const GROUP = /^[0-9]{5,32}(?:-[0-9]{5,16})?@g\.us$/;

export const isGroupAddress = (recipient: string): recipient is GroupAddress => GROUP.test(recipient);

/**
 * Reads a phone number as people write it, or the address of a group; null for everything else, such as `…@lid`,
 * `…@newsletter` and `status@broadcast`.
 */
export const parseRecipient = (written: string): Recipient | null =>
  isGroupAddress(written) ? written : parsePhoneNumber(written);
