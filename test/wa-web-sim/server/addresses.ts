import { randomBytes } from 'node:crypto';

/** The digits of a phone number or of an address such as 5511911111111@c.us. */
export function digits(address: string | number | undefined): string {
  return String(address ?? '')
    .replace(/@.*/, '')
    .replace(/\D/g, '');
}

/** The address of a phone number's account. */
export function userAddress(phone: string): string {
  return `${phone}@c.us`;
}

/** The chat that a test means by a phone number or by an address of either spelling. */
export function chatAddress(address: string | number): string {
  const text = String(address);
  return text.includes('@') ? text.replace('@s.whatsapp.net', '@c.us') : userAddress(digits(text));
}

export function isGroupAddress(address: string): boolean {
  return address.endsWith('@g.us');
}

/** The part of a serialized message key that both sides share: `false_chat_THIS_author`. */
export function rawIdOf(messageId: string): string {
  return messageId.split('_')[2] ?? '';
}

export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex').toUpperCase();
}

export function newGroupAddress(): string {
  return `1203630${String(Math.floor(1e10 + Math.random() * 9e10))}@g.us`;
}

export function newInviteCode(): string {
  return randomHex(11);
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
