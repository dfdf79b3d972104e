import { hkdfSync } from 'node:crypto';

const KEY_BYTES = 32;
const ID_BYTES = 4;

const derive = (text: string, info: string, bytes: number): Buffer =>
  Buffer.from(hkdfSync('sha256', text, '', info, bytes));

/** A key of the operator. Its id tells it from others, and tells nothing about it. */
export class EncryptionKey {
  readonly id: string;
  private readonly derived = new Map<string, Buffer>();

  constructor(
    private readonly text: string,
    /** Where it was found: a variable or a file, never what stands there. */
    readonly origin: string,
  ) {
    this.id = derive(text, 'waypost/key-id', ID_BYTES).toString('hex');
  }

  /** A key of its own for each purpose, so that what is sealed for one of them means nothing to another. */
  for(purpose: string): Buffer {
    const known = this.derived.get(purpose);
    if (known !== undefined) return known;
    const made = derive(this.text, `waypost/seal/${purpose}`, KEY_BYTES);
    this.derived.set(purpose, made);
    return made;
  }
}

/** One key seals, and every key of the ring opens: so a key can be replaced while what it has sealed is still there. */
export class KeyRing {
  private keys: ReadonlyMap<string, EncryptionKey>;
  private sealing: EncryptionKey;

  constructor(current: EncryptionKey, others: readonly EncryptionKey[] = []) {
    this.sealing = current;
    this.keys = new Map([...others, current].map((key) => [key.id, key]));
  }

  get current(): EncryptionKey {
    return this.sealing;
  }

  /** Every key that opens, the one that seals included. */
  get all(): readonly EncryptionKey[] {
    return [...this.keys.values()];
  }

  find(id: string): EncryptionKey | undefined {
    return this.keys.get(id);
  }

  /** From here on these are the keys; false when they were before. */
  takeOver(next: KeyRing): boolean {
    const ids = (ring: KeyRing): string => [ring.current.id, ...ring.all.map(({ id }) => id).sort()].join();
    if (ids(this) === ids(next)) return false;
    this.sealing = next.sealing;
    this.keys = next.keys;
    return true;
  }
}
