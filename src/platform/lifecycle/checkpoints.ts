/**
 * The steps of a send, and of what follows from it, between which a process may die (K0 to K13 of docs/checks.md). The product passes them and goes
 * on; the crash tests bring an implementation that kills the process at a chosen one.
 */
export const CHECKPOINTS = [
  ...(['K0', 'K1', 'K2', 'K3', 'K4', 'K5', 'K6', 'K7', 'K8', 'K9', 'K10', 'K11', 'K12', 'K13'] as const),
] as const;
export type Checkpoint = (typeof CHECKPOINTS)[number];

export interface Checkpoints {
  pass(point: Checkpoint): void;
}

/** DI token; shares its name with the interface. */
export const Checkpoints = Symbol('Checkpoints');

export const noCheckpoints: Checkpoints = { pass: () => undefined };
