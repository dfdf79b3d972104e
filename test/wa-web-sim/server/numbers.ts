import { createHash } from 'node:crypto';
import { digits } from './addresses.ts';
import type { NumberEntry } from './contract.ts';

/** What is known about phone numbers, and the LID (the address that hides the number) of each. */
export class Numbers {
  private readonly entries = new Map<string, NumberEntry>();
  private readonly phoneByLid = new Map<string, string>();

  find(phone: string | null): NumberEntry | undefined {
    return phone === null ? undefined : this.entries.get(phone);
  }

  /** The numbers that the phone's address book has a name for. */
  named(): NumberEntry[] {
    return [...this.entries.values()].filter((entry) => entry.name);
  }

  learn(entry: NumberEntry): NumberEntry {
    const phone = digits(entry.phone);
    const known = { ...this.entries.get(phone), ...entry, phone };
    this.entries.set(phone, known);
    if (entry.lid) this.phoneByLid.set(entry.lid, phone);
    return known;
  }

  lidOf(phone: string): string {
    const lid = this.entries.get(phone)?.lid ?? derivedLid(phone);
    this.phoneByLid.set(lid, phone);
    return lid;
  }

  /** The phone behind an address; null for a LID that nobody has heard of. */
  phoneOf(address: string): string | null {
    return address.endsWith('@lid') ? (this.phoneByLid.get(address) ?? null) : digits(address);
  }

  clear(): void {
    this.entries.clear();
  }
}

function derivedLid(phone: string): string {
  const hash = createHash('sha1').update(`lid${phone}`).digest('hex');
  return `${String(BigInt(`0x${hash.slice(0, 12)}`) % 10n ** 15n).padStart(15, '1')}@lid`;
}
