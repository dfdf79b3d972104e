import { createHash } from 'node:crypto';
import { type MigrationFile } from './migration-files.js';
import { type AppliedMigration, compareHistory } from './migration-history.js';

const file = (name: string, sql = `CREATE TABLE "${name}" ();\n`): MigrationFile => ({ name, sql });
const applied = ({ name, sql }: MigrationFile, changes: Partial<AppliedMigration> = {}): AppliedMigration => ({
  name,
  checksum: createHash('sha256').update(sql).digest('hex'),
  isFinished: true,
  ...changes,
});

describe(compareHistory.name, () => {
  const [one, two, three] = [file('1'), file('2'), file('3')];

  it('returns what is still to be applied, in order, also from the middle', () => {
    expect(compareHistory([one, two, three], [])).toEqual([one, two, three]);
    expect(compareHistory([one, two, three], [applied(one), applied(three)])).toEqual([two]);
    expect(compareHistory([one], [applied(one)])).toEqual([]);
  });

  it('refuses a migration that it does not know', () => {
    expect(() => compareHistory([one], [applied(one), applied(two)])).toThrow(
      'The database holds the migration 2, which this build does not know',
    );
  });

  it('refuses a migration that was begun and not finished', () => {
    expect(() => compareHistory([one], [applied(one, { isFinished: false })])).toThrow('The migration 1 was begun');
  });

  it('refuses a migration whose text has changed, but not one whose line ends have', () => {
    expect(() => compareHistory([one], [applied(one, { checksum: 'other' })])).toThrow('its checksum differs');
    const windows = file('1', one.sql.replaceAll('\n', '\r\n'));
    expect(compareHistory([windows], [applied(one)])).toEqual([]);
    expect(compareHistory([one], [applied(windows)])).toEqual([]);
  });
});
