import { existsSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locateBinaries } from './postgres-binaries.js';

describe(locateBinaries.name, () => {
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'waypost-binaries-'));
    mkdirSync(join(dir, 'native/lib'), { recursive: true });
    writeFileSync(join(dir, 'native/lib/libpq.so.5.18'), '');
    writeFileSync(
      join(dir, 'native/pg-symlinks.json'),
      JSON.stringify([{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]),
    );
  });

  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  it('makes the missing links once', () => {
    for (let round = 0; round < 2; round++) {
      expect(locateBinaries(dir)).toEqual({
        initdb: join(dir, 'native/bin/initdb'),
        postgres: join(dir, 'native/bin/postgres'),
      });
      expect(readlinkSync(join(dir, 'native/lib/libpq.so.5'))).toBe('libpq.so.5.18');
    }
  });

  it('says what to do when a link cannot be made', () => {
    rmSync(join(dir, 'native/lib'), { recursive: true });
    expect(() => locateBinaries(dir)).toThrow('are not linked and cannot be');
    expect(existsSync(join(dir, 'native/lib'))).toBe(false);
  });

  it('finds the programs of this machine', () => {
    const { initdb, postgres } = locateBinaries();
    expect(existsSync(initdb) && existsSync(postgres)).toBe(true);
  });
});
