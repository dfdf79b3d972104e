import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMigrations } from './migration-files.js';

describe(readMigrations.name, () => {
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'waypost-files-'));
  });

  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  it('reads the directories in the order of their names and nothing beside them', () => {
    writeFileSync(join(dir, 'schema.snapshot'), 'model');
    for (const name of ['20260102_b', '20260101_a']) {
      mkdirSync(join(dir, name));
      writeFileSync(join(dir, name, 'migration.sql'), name);
    }
    expect(readMigrations(dir)).toEqual([
      { name: '20260101_a', sql: '20260101_a' },
      { name: '20260102_b', sql: '20260102_b' },
    ]);
  });

  it('refuses an installation without migrations', () => {
    expect(() => readMigrations(dir)).toThrow('this installation is not whole');
    expect(() => readMigrations(join(dir, 'nowhere'))).toThrow('this installation is not whole');
    mkdirSync(join(dir, '1_empty'));
    expect(() => readMigrations(dir)).toThrow('The migration 1_empty has no file migration.sql.');
  });
});
