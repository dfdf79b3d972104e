import fc from 'fast-check';

import { canonicalJson } from '../../../kernel/canonical-json.js';
import { ChainWalk } from './audit-chain.js';
import { type AuditEntry, type AuditRecord, canonicalRecord, GENESIS_HASH, linkHash } from './audit-entry.js';

const aRecord = (overrides: Partial<AuditRecord> = {}): AuditRecord => ({
  id: 'aud_1',
  at: new Date('2026-01-02T03:04:05.678Z'),
  actor: { kind: 'user', id: 'usr_1', name: 'Ada' },
  action: 'users.create',
  target: 'usr_2',
  outcome: 'success',
  requestId: null,
  detail: '{"role":"VIEWER"}',
  ...overrides,
});

const aChain = (records: readonly AuditRecord[]): readonly AuditEntry[] => {
  let previousHash = GENESIS_HASH;
  return records.map((record, place) => {
    const seq = BigInt(place + 1);
    const entry = { ...record, seq, previousHash, hash: linkHash(seq, previousHash, record) };
    previousHash = entry.hash;
    return entry;
  });
};

const firstBreak = (entries: readonly AuditEntry[]): unknown => {
  const walk = new ChainWalk();
  for (const entry of entries) {
    const broken = walk.add(entry);
    if (broken) return broken;
  }
  return null;
};

const text = fc.string({ unit: 'binary', maxLength: 12 });
const anyRecord = fc.record({
  id: text,
  at: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
  actor: fc.record({ kind: text, id: fc.option(text), name: fc.option(text) }),
  action: text,
  target: fc.option(text),
  outcome: text,
  requestId: fc.option(text),
  detail: fc.json().map((json) => canonicalJson(JSON.parse(json))),
});

describe(linkHash.name, () => {
  it('is the sum that it was when the first entries were written', () => {
    expect(canonicalRecord(aRecord())).toBe(
      '{"action":"users.create","actor":{"id":"usr_1","kind":"user","name":"Ada"},"at":"2026-01-02T03:04:05.678Z",' +
        '"detail":"{\\"role\\":\\"VIEWER\\"}","id":"aud_1","outcome":"success","requestId":null,"target":"usr_2"}',
    );
    expect(linkHash(1n, GENESIS_HASH, aRecord())).toBe(
      '317ab497c8324de1bbadc891222469ef8dc5cc95dae869d2ea9583706539acd6',
    );
  });

  it('differs when anything differs', () => {
    fc.assert(
      fc.property(anyRecord, anyRecord, (one, other) => {
        fc.pre(canonicalRecord(one) !== canonicalRecord(other));
        return linkHash(1n, GENESIS_HASH, one) !== linkHash(1n, GENESIS_HASH, other);
      }),
    );
  });

  it('does not stumble over a time that JavaScript does not know', () => {
    expect(canonicalRecord(aRecord({ at: new Date(NaN) }))).toContain('"at":null');
  });
});

describe(ChainWalk.name, () => {
  it('goes through any chain, and ends where the chain ends', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 8 }), (records) => {
        const entries = aChain(records);
        const walk = new ChainWalk();
        for (const entry of entries) expect(walk.add(entry)).toBeNull();
        expect(walk.head).toEqual({
          seq: BigInt(entries.length),
          hash: entries.at(-1)?.hash ?? GENESIS_HASH,
        });
        expect(walk.finish(walk.head)).toBeNull();
      }),
    );
  });

  it('names the place at which an entry was taken out, put in twice or changed', () => {
    const many = fc.array(anyRecord, { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(many, fc.nat(), (records, number) => {
        const entries = aChain(records);
        const place = number % entries.length;
        const seq = BigInt(place + 1);
        const id = entries[place]?.id;
        if (place < entries.length - 1) {
          expect(firstBreak(entries.toSpliced(place, 1))).toEqual({ seq, id: null, reason: 'missing' });
        }
        expect(firstBreak(entries.toSpliced(place, 0, ...entries.slice(place, place + 1)))).toEqual({
          seq,
          id,
          reason: 'surplus',
        });
        const changed = entries.map((entry, at) => (at === place ? { ...entry, action: `${entry.action}x` } : entry));
        expect(firstBreak(changed)).toEqual({ seq, id, reason: 'changed' });
      }),
    );
  });

  it('says what the head shows', () => {
    const entries = aChain([aRecord(), aRecord({ id: 'aud_2' })]);
    const walk = new ChainWalk();
    for (const entry of entries) walk.add(entry);
    expect(walk.finish({ seq: 3n, hash: 'x' })).toEqual({ seq: 3n, id: null, reason: 'missing' });
    expect(walk.finish({ seq: 2n, hash: 'x' })).toEqual({ seq: 2n, id: null, reason: 'other-head' });
  });
});
