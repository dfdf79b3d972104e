import fc from 'fast-check';

/** Something that happens to the world. */
export type Happening =
  | {
      readonly kind: 'accept';
      readonly lane: number;
      readonly onUncertain: 'hold' | 'retry' | 'drop';
      readonly priority: number;
      readonly livesMs: number | null;
    }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'crash'; readonly process: number }
  | { readonly kind: 'freeze'; readonly process: number; readonly ms: number }
  | { readonly kind: 'disconnect'; readonly process: number }
  | { readonly kind: 'database-away'; readonly ms: number }
  | { readonly kind: 'cancel'; readonly index: number }
  | { readonly kind: 'retry'; readonly index: number };

const process = fc.nat({ max: 1 });
const index = fc.nat({ max: 5 });

const accept: fc.Arbitrary<Happening> = fc.record({
  kind: fc.constant('accept' as const),
  lane: fc.nat({ max: 2 }),
  onUncertain: fc.constantFrom('hold', 'hold', 'retry', 'drop'),
  priority: fc.constantFrom(0, 0, 5),
  livesMs: fc.constantFrom(null, null, null, 1500),
});
const wait: fc.Arbitrary<Happening> = fc.record({
  kind: fc.constant('wait' as const),
  ms: fc.oneof(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 100, max: 5000 })),
});

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: accept },
  { weight: 6, arbitrary: wait },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash' as const), process }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('freeze' as const), process, ms: fc.integer({ min: 500, max: 15_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('disconnect' as const), process }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('database-away' as const), ms: fc.integer({ min: 100, max: 8000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('retry' as const), index }) },
);

export interface History {
  /** Of the latencies, losses and fates of sends. */
  readonly seed: number;
  readonly happenings: readonly Happening[];
}

export const history: fc.Arbitrary<History> = fc.record({
  seed: fc.integer(),
  happenings: fc.array(happening, { minLength: 1, maxLength: 16, size: 'max' }),
});
