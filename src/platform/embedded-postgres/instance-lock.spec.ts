import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InstanceLock } from './instance-lock.js';

describe(InstanceLock.name, () => {
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'waypost-lock-'));
  });

  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  it('is held by one at a time', () => {
    const first = InstanceLock.acquire(dir);
    expect(() => InstanceLock.acquire(dir)).toThrow(`Another process (pid ${String(process.pid)}) already uses`);
    first.release();
    expect(existsSync(join(dir, 'postgres.occupant.json'))).toBe(false);
    InstanceLock.acquire(dir).release();
  });

  it('hands on what a predecessor that was killed has left', () => {
    writeFileSync(join(dir, 'postgres.occupant.json'), '{"pid":7,"guardian":{"pid":8,"startedAt":"9"}}');
    const lock = InstanceLock.acquire(dir);
    expect(lock.previous).toEqual({ pid: 7, guardian: { pid: 8, startedAt: '9' } });
    lock.release();
  });

  it('does not mind a note that was cut short', () => {
    writeFileSync(join(dir, 'postgres.occupant.json'), '{"pid":');
    const lock = InstanceLock.acquire(dir);
    expect(lock.previous).toBeUndefined();
    lock.release();
  });
});
