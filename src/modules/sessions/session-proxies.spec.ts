import { EncryptionKey, KeyRing } from '../../platform/crypto/key-ring.js';
import { SealedColumns } from '../../platform/crypto/sealed-columns.js';
import { Secrets } from '../../platform/crypto/secrets.js';
import { SessionProxies } from './session-proxies.js';

const PROXY = 'http://user:a-secret-of-the-proxy@proxy.example:3128';

const proxiesOf = (key: string): SessionProxies =>
  new SessionProxies(new SealedColumns(new Secrets('signing', new KeyRing(new EncryptionKey(key, 'a test')))));

describe('SessionProxies', () => {
  it('keeps nothing of a proxy readable, and gives it back to whoever has the key', () => {
    const proxies = proxiesOf('one key');
    const sealedProxy = proxies.seal('shop', PROXY);
    expect(sealedProxy).toMatch(/^v1\.[0-9a-f]{8}\./);
    expect(sealedProxy).not.toContain('secret');
    expect(proxies.open({ id: 'shop', sealedProxy })).toBe(PROXY);
    expect(proxies.addressOf({ id: 'shop', sealedProxy })).toBe('proxy.example:3128');
  });

  it('is worth nothing for another session or with another key', () => {
    const sealedProxy = proxiesOf('one key').seal('shop', PROXY);
    expect(proxiesOf('one key').open({ id: 'other', sealedProxy })).toBeNull();
    expect(proxiesOf('another key').open({ id: 'shop', sealedProxy })).toBeNull();
    expect(proxiesOf('another key').addressOf({ id: 'shop', sealedProxy })).toBe('unreadable');
  });

  it('tells that there is none', () => {
    const proxies = proxiesOf('one key');
    expect(proxies.open({ id: 'shop', sealedProxy: null })).toBeNull();
    expect(proxies.addressOf({ id: 'shop', sealedProxy: null })).toBeNull();
  });
});
