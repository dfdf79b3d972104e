import { randomBytes } from 'node:crypto';

import { EncryptionKeyMissingError } from './crypto.errors.js';
import { EncryptionKey, KeyRing } from './key-ring.js';
import { keyIdOf, SecretBox } from './secret-box.js';

const newKey = (): EncryptionKey => new EncryptionKey(randomBytes(48).toString('base64'), 'a test');
const boxWith = (current: EncryptionKey, ...others: EncryptionKey[]): SecretBox =>
  new SecretBox(new KeyRing(current, others), 'app_user.secret');

const key = newKey();
const box = boxWith(key);
const ROW = ['usr_1'];

describe(SecretBox.name, () => {
  it('opens what it has sealed, and seals the same text in another way each time', () => {
    const sealed = box.seal('canary 🔑', ROW);
    expect(sealed).not.toContain('canary');
    expect(box.open(sealed, ROW)).toBe('canary 🔑');
    expect(box.seal('canary 🔑', ROW)).not.toBe(sealed);
    expect(box.open(box.seal('', ROW), ROW)).toBe('');
    expect(keyIdOf(sealed)).toBe(key.id);
  });

  it('does not open for another row, for another purpose, or what was changed', () => {
    const sealed = box.seal('canary', ROW);
    expect(box.open(sealed, ['usr_2'])).toBeNull();
    expect(box.open(sealed, ['usr', '1'])).toBeNull();
    expect(new SecretBox(new KeyRing(key), 'session.proxy').open(sealed, ROW)).toBeNull();
    const payload = Buffer.from(sealed.split('.')[2] ?? '', 'base64url');
    for (let i = 0; i < payload.length; i += 1) {
      const changed = Buffer.from(payload);
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(box.open(`v1.${key.id}.${changed.toString('base64url')}`, ROW)).toBeNull();
    }
    for (const nonsense of ['', 'v1', 'v1.x.y', sealed.slice(0, 20), sealed.replace('v1', 'v2')]) {
      expect(box.open(nonsense, ROW)).toBeNull();
    }
  });

  it('Q6 opens with every key it has, seals with one, and names the key that is gone, not the secret', () => {
    const next = newKey();
    const sealed = box.seal('canary', ROW);
    const both = boxWith(next, key);
    expect(both.open(sealed, ROW)).toBe('canary');
    expect(keyIdOf(both.seal('canary', ROW))).toBe(next.id);
    expect(() => boxWith(next).open(sealed, ROW)).toThrow(EncryptionKeyMissingError);
    expect(() => boxWith(next).open(sealed, ROW)).toThrow(`the encryption key ${key.id}, which`);
  });

  it('Q6 goes on with the keys that take over, and knows whether they are others', () => {
    const [next, ring] = [newKey(), new KeyRing(key)];
    const living = new SecretBox(ring, 'app_user.secret');
    const sealed = living.seal('canary', ROW);
    expect(ring.takeOver(new KeyRing(next, [key]))).toBe(true);
    expect(ring.takeOver(new KeyRing(next, [next, key]))).toBe(false);
    expect(living.open(sealed, ROW)).toBe('canary');
    expect(keyIdOf(living.seal('canary', ROW))).toBe(next.id);
  });
});
