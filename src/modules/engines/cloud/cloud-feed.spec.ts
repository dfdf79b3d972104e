import { setTimeout as sleep } from 'node:timers/promises';

import type { EngineReports } from '../engine.port.js';
import { CloudFeed } from './cloud-feed.js';
import { CloudLines } from './cloud-lines.js';
import type { CloudUpdateRepository, PendingUpdate, WorkedUpdates } from './cloud-update.repository.js';

const NUMBER = '30';

const message = (id: string, media: object | null = null): object => ({
  kind: 'message',
  inbound: { message: { providerMessageId: id, at: '2026-01-01T00:00:00.000Z' }, extra: { media, raw: null } },
});
const reaction = (id: string): object => ({
  kind: 'change',
  change: { kind: 'reacted', providerMessageId: id, at: '' },
});

/** What the database would keep. */
class Kept {
  readonly pending: PendingUpdate[] = [];
  readonly settled: WorkedUpdates[] = [];
  isAway = false;
  private lastId = 0n;

  add(...bodies: readonly object[]): void {
    for (const body of bodies) this.pending.push({ id: (this.lastId += 1n), kind: '', body });
  }

  findPending(_number: string, limit: number): Promise<readonly PendingUpdate[]> {
    if (this.isAway) return Promise.reject(new Error('The database is away.'));
    return Promise.resolve(this.pending.slice(0, limit));
  }

  findWaiting(numbers: readonly string[]): Promise<readonly string[]> {
    return Promise.resolve(this.pending.length > 0 ? numbers : []);
  }

  settle(worked: WorkedUpdates): Promise<void> {
    this.settled.push(worked);
    for (const id of [...worked.done, ...worked.kept]) {
      this.pending.splice(
        this.pending.findIndex((update) => update.id === id),
        1,
      );
    }
    return Promise.resolve();
  }
}

describe(CloudFeed.name, () => {
  let kept: Kept;
  let lines: CloudLines;
  let feed: CloudFeed;
  let heard: string[];
  let errors: unknown[];
  let refused: Set<string>;

  const tell =
    (what: string) =>
    (told: { readonly providerMessageId: string }): Promise<void> => {
      const { providerMessageId: id } = told;
      if (refused.has(id)) return Promise.reject(new Error(`${id} cannot be stored.`));
      heard.push(`${what} ${id}`);
      return Promise.resolve();
    };

  beforeEach(() => {
    [kept, heard, errors, refused] = [new Kept(), [], [], new Set()];
    const updates = kept as unknown as CloudUpdateRepository;
    lines = new CloudLines(updates);
    const reports = { received: tell('received'), changed: tell('changed') } as unknown as EngineReports;
    feed = new CloudFeed({ phoneNumberId: NUMBER, reports, updates, lines, onError: (error) => errors.push(error) });
  });
  afterEach(() => feed.stop());

  it('hands on what waits before it says that it has started, and forgets it afterwards', async () => {
    kept.add(reaction('a'), message('a'), message('b', { id: '1' }));
    await feed.start(1000);
    expect(heard).toEqual(['received a', 'received b', 'changed a']);
    expect(kept.settled).toEqual([{ done: [1n, 2n], kept: [3n], failed: [] }]);
    expect(kept.pending).toEqual([]);
  });

  it('is woken by whoever has stored something', async () => {
    await feed.start(1000);
    kept.add(message('a'));
    lines.wake([NUMBER, 'another']);
    await sleep(10);
    expect(heard).toEqual(['received a']);
  });

  it('works sets until nothing is left', async () => {
    kept.add(...Array.from({ length: 1200 }, (_, index) => message(String(index))));
    await feed.start(1000);
    expect(heard).toHaveLength(1200);
    expect(kept.settled.map(({ done }) => done.length)).toEqual([500, 500, 200]);
  });

  it('M7 lets no update harm its neighbours', async () => {
    refused.add('bad');
    kept.add(message('a'), message('bad'), message('b'));
    await feed.start(1000);
    expect(heard).toEqual(['received a', 'received b']);
    expect(kept.settled[0]).toEqual({ done: [1n, 3n], kept: [], failed: [2n] });
    expect(errors).toHaveLength(1);
  });

  it('begins again with what it could not read', async () => {
    kept.isAway = true;
    kept.add(message('a'));
    await feed.start(1000);
    expect(heard).toEqual([]);
    kept.isAway = false;
    lines.wake([NUMBER]);
    await sleep(10);
    expect(heard).toEqual(['received a']);
  });

  it('hands on nothing after it was stopped', async () => {
    await feed.start(1000);
    await feed.stop();
    kept.add(message('a'));
    lines.wake([NUMBER]);
    await sleep(10);
    expect(heard).toEqual([]);
  });
});
