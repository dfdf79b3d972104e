import { describeWithPayloads, type Sample, samplesOf } from '../../../../test/support/meta-payloads.js';
import { readUpdates } from './updates.js';

const FOLDERS = ['inbound', 'status', 'account', 'coexistence', 'groups-calls-flows', 'placeholder', 'negative'];
const NOW = new Date('2026-11-20T12:00:00Z');

type Path = readonly (string | number)[];

/** Every place of a value; of the elements of a list only the first, since they are alike. */
const placesOf = (value: unknown, path: Path = []): readonly Path[] => {
  if (typeof value !== 'object' || value === null) return [path];
  const children = Array.isArray(value) ? value.slice(0, 1).map((element, index) => [index, element] as const) : null;
  const members: readonly (readonly [string | number, unknown])[] = children ?? Object.entries(value);
  return [path, ...members.flatMap(([name, child]) => placesOf(child, [...path, name]))];
};

const REMOVED = Symbol('removed');
const HUGE = 'x'.repeat(5_000);

/** What stands at a place afterwards. */
const MUTATIONS: Readonly<Record<string, (value: unknown) => unknown>> = {
  missing: () => REMOVED,
  null: () => null,
  number: () => 7,
  text: () => 'seven',
  empty: () => '',
  list: () => [],
  object: () => ({}),
  boolean: () => true,
  nested: (value) => [value],
  huge: (value) => (Array.isArray(value) ? Array.from({ length: 50 }, () => value[0] as unknown) : HUGE),
  duplicated: (value) =>
    Array.isArray(value) ? [...(value as unknown[]), ...(value as unknown[])] : { a: value, b: value },
};

const mutated = (value: unknown, [step, ...rest]: Path, mutate: (value: unknown) => unknown): unknown => {
  if (step === undefined) return mutate(value);
  if (Array.isArray(value)) {
    return value.flatMap((element, index) => {
      if (index !== step) return [element as unknown];
      const changed = mutated(element, rest, mutate);
      return changed === REMOVED ? [] : [changed];
    });
  }
  const members = Object.entries(value as object).map(
    ([name, member]) => [name, name === step ? mutated(member, rest, mutate) : (member as unknown)] as const,
  );
  return Object.fromEntries(members.filter(([, member]) => member !== REMOVED));
};

/** A value with one thing changed, in every way and at every place that is wanted. */
function* mutationsOf(
  value: unknown,
  isWanted: (place: string) => boolean = () => true,
): Generator<{ readonly where: string; readonly body: unknown }> {
  for (const place of placesOf(value)) {
    if (!isWanted(place.join('.'))) continue;
    for (const [mutation, mutate] of Object.entries(MUTATIONS)) {
      yield { where: `${place.join('.')}: ${mutation}`, body: mutated(value, place, mutate) };
    }
  }
}

/** The same place, such as the id of the first entry, is wanted so many times and not in each of the samples. */
const atMost = (times: number): ((place: string) => boolean) => {
  const seen = new Map<string, number>();
  return (place) => {
    const before = seen.get(place) ?? 0;
    seen.set(place, before + 1);
    return before < times;
  };
};

const read = ({ json }: Sample): readonly string[] => readUpdates(json, NOW).map(({ kind }) => kind);
const listOf = (folders: readonly string[]): readonly Sample[] => folders.flatMap((folder) => samplesOf(folder));
const named = (samples: readonly Sample[], wanted: (kinds: readonly string[]) => boolean): readonly string[] =>
  samples.filter((sample) => wanted(read(sample))).map(({ name }) => name);

describeWithPayloads('what Meta sends', () => {
  it('is understood: there is nothing unknown or malformed in what is documented', () => {
    const folders = ['inbound', 'status', 'account', 'coexistence', 'groups-calls-flows'];
    const samples = listOf(folders);
    expect(samples.length).toBeGreaterThan(150);
    const strange = (kinds: readonly string[]): boolean =>
      kinds.length === 0 || kinds.includes('malformed') || kinds.includes('unknown');
    expect(named(samples, strange)).toEqual([]);
  });

  it.each([
    ['inbound', ['message', 'change', 'person', 'error', 'preference']],
    ['status', ['status']],
    ['account', ['account', 'notice', 'preference', 'person']],
    ['coexistence', ['echo', 'history', 'history-progress']],
    ['groups-calls-flows', ['notice', 'call', 'error']],
  ])('is of the kinds that belong to %s', (folder, kinds) => {
    expect(new Set(samplesOf(folder).flatMap(read))).toEqual(new Set(kinds));
  });

  it('makes one update of each element of a batch', () => {
    const [batch] = samplesOf('inbound').filter(({ name }) => name.includes('batch-100'));
    expect(new Set(readUpdates(batch?.json, NOW).map(({ key }) => key)).size).toBe(100);
  });

  it('has the same keys when it comes again', () => {
    for (const { json } of listOf(FOLDERS)) {
      const keys = (): readonly string[] => readUpdates(structuredClone(json), NOW).map(({ key }) => key);
      expect(keys()).toEqual(keys());
    }
  });

  it('M10 is never an error, whatever is missing, null, of another type, huge or doubled', () => {
    const failed: string[] = [];
    const isWanted = atMost(8);
    let count = 0;
    for (const { name, json } of listOf(FOLDERS)) {
      for (const { where, body } of mutationsOf(json, isWanted)) {
        count += 1;
        try {
          readUpdates(body, NOW);
        } catch (error) {
          failed.push(`${name} at ${where}: ${String(error)}`);
        }
      }
    }
    expect(failed).toEqual([]);
    expect(count).toBeGreaterThan(10_000);
  });

  it('is not harmed by a neighbour, whatever is wrong with that', () => {
    const harmed: string[] = [];
    const isWanted = atMost(8);
    const neighbour = {
      from: '16505551234',
      id: 'neighbour',
      timestamp: '1750030000',
      type: 'text',
      text: { body: '' },
    };
    for (const { name, json } of samplesOf('inbound')) {
      const [first] = (json as { entry: { changes: { value: { messages?: object[] } }[] }[] }).entry;
      const [message] = first?.changes[0]?.value.messages ?? [];
      for (const { where, body } of mutationsOf(message ?? {}, isWanted)) {
        const value = { messages: [neighbour, ...(body === REMOVED ? [] : [body]), neighbour] };
        const keys = readUpdates({ entry: [{ changes: [{ field: 'messages', value }] }] }, NOW).map(({ key }) => key);
        if (keys.filter((key) => key === 'message:neighbour').length !== 2) harmed.push(`${name} at ${where}`);
      }
    }
    expect(harmed).toEqual([]);
  });
});
