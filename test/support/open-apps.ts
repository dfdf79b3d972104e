/** Something that runs and must be whole after each test. */
export interface Checked {
  /** Throws with everything that may not be. */
  requireWhole(): Promise<void>;
}

/** What runs at this moment; `check-invariants.ts` looks at it after each test. */
export const openApps = new Set<Checked>();
