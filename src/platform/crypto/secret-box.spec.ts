import { randomBytes } from 'node:crypto';

import { SecretBox } from './secret-box.js';

const box = new SecretBox(randomBytes(32));

describe(SecretBox.name, () => {
  it('opens what it has sealed, and seals the same text in another way each time', () => {
    const sealed = box.seal('canary 🔑', 'users');
    expect(sealed).not.toContain('canary');
    expect(box.open(sealed, 'users')).toBe('canary 🔑');
    expect(box.seal('canary 🔑', 'users')).not.toBe(sealed);
    expect(box.open(box.seal('', 'users'), 'users')).toBe('');
  });

  it('does not open for another context, with another key, or what was changed', () => {
    const sealed = box.seal('canary', 'users');
    expect(box.open(sealed, 'sessions')).toBeNull();
    expect(new SecretBox(randomBytes(32)).open(sealed, 'users')).toBeNull();
    const payload = Buffer.from(sealed.split('.')[2] ?? '', 'base64url');
    for (let i = 0; i < payload.length; i += 1) {
      const changed = Buffer.from(payload);
      changed[i] = (changed[i] ?? 0) ^ 1;
      const [version, keyId] = sealed.split('.');
      expect(box.open(`${String(version)}.${String(keyId)}.${changed.toString('base64url')}`, 'users')).toBeNull();
    }
    for (const nonsense of ['', 'v1', 'v1.x.y', sealed.slice(0, 20), sealed.replace('v1', 'v2')]) {
      expect(box.open(nonsense, 'users')).toBeNull();
    }
  });
});
