import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closedTo, commandAs, prepareDataDir } from './postgres-user.js';

describe('the user of PostgreSQL', () => {
  let dir: string;
  const stranger = { uid: 65_533, gid: 65_533 };

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'waypost-user-'));
    chmodSync(dir, 0o755);
  });

  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  it('is told the outermost directory that it may not pass', () => {
    mkdirSync(join(dir, 'closed/inner'), { recursive: true });
    expect(closedTo(stranger, join(dir, 'closed/inner'))).toBeUndefined();
    chmodSync(join(dir, 'closed'), 0o700);
    expect(closedTo(stranger, join(dir, 'closed/inner'))).toBe(join(dir, 'closed'));
    const { uid, gid } = statSync(dir);
    expect(closedTo({ uid, gid }, join(dir, 'closed/inner'))).toBeUndefined();
  });

  it('gets a data directory that others may pass at most, and one of the operator is not narrowed', () => {
    const isRoot = process.getuid?.() === 0;
    prepareDataDir(join(dir, 'new/data'));
    expect(statSync(join(dir, 'new/data')).mode & 0o777).toBe(isRoot ? 0o711 : 0o700);
    expect(statSync(join(dir, 'new')).mode & 0o777).toBe(isRoot ? 0o711 : 0o700);
    mkdirSync(join(dir, 'given'), { mode: 0o750 });
    prepareDataDir(join(dir, 'given'));
    expect(statSync(join(dir, 'given')).mode & 0o777).toBe(isRoot ? 0o751 : 0o750);
  });

  it('starts programs directly, or through the one that opens closed directories', () => {
    expect(commandAs({ through: [] }, '/bin/x', ['-a'])).toEqual({ file: '/bin/x', args: ['-a'], identity: {} });
    expect(commandAs({ ...stranger, through: [] }, '/bin/x', ['-a'])).toMatchObject({ identity: stranger });
    expect(commandAs({ ...stranger, through: ['/bin/pass', '--'] }, '/bin/x', ['-a'])).toEqual({
      file: '/bin/pass',
      args: ['--', '/bin/x', '-a'],
      identity: {},
    });
  });
});
