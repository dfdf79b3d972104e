import { parsePhoneNumber } from '../../../kernel/phone-number.js';
import { findPhoneAddress, readKnownPhones, readMyAddresses } from './page/receiving.js';
import type { WebClient } from './web-client.js';
import type { WebTimings } from './web-timings.js';

const REMEMBERED = 5_000;

const toPhone = (address: string): string | null => {
  if (!/^\d+(:\d+)?(@c\.us)?$/.test(address)) return null;
  const digits = address.replace(/[:@].*$/, '');
  return parsePhoneNumber(digits) ?? `+${digits}`;
};

/** Tells people by their numbers, also those whom WhatsApp names by a LID. */
export class WebPeople {
  private readonly phones = new Map<string, string>();
  private mine: readonly string[] | undefined;

  constructor(
    private readonly client: WebClient,
    private readonly timings: WebTimings,
  ) {}

  /** E.164 where the number is known, else the address; a contact who hides behind a LID is asked for once. */
  async phoneOf(address: string): Promise<string> {
    const known = this.phones.get(address);
    if (known !== undefined) return known;
    const byNumber = address.endsWith('@lid') ? await this.ask(address) : address;
    return byNumber === null ? address : this.remember(address, byNumber);
  }

  /** The same of many, without asking WhatsApp: a group may have a thousand members who hide. */
  async knownPhonesOf(addresses: readonly string[]): Promise<(address: string) => string> {
    const hidden = addresses.filter((address) => address.endsWith('@lid') && !this.phones.has(address));
    const { callMs } = this.timings;
    const found = await this.client.call('Looking up contacts', callMs, readKnownPhones, hidden);
    for (const [lid, byNumber] of Object.entries(found)) this.remember(lid, byNumber);
    return (address) => toPhone(found[address] ?? address) ?? this.phones.get(address) ?? address;
  }

  /** Whether an address is of the linked number itself. */
  async isMe(address: string): Promise<boolean> {
    const { callMs } = this.timings;
    this.mine ??= await this.client.call('Reading the own addresses', callMs, readMyAddresses).catch(() => undefined);
    return this.mine?.includes(address) === true;
  }

  private remember(address: string, byNumber: string): string {
    const phone = toPhone(byNumber) ?? address;
    if (this.phones.size >= REMEMBERED) this.phones.clear();
    this.phones.set(address, phone);
    return phone;
  }

  private ask(lid: string): Promise<string | null> {
    const { lookupMs } = this.timings;
    return this.client.call('Looking up a contact', lookupMs, findPhoneAddress, lid).catch(() => null);
  }
}
