/** Why a batch stands: CANCELLED is an end; that it is done is seen from its messages. */
export type BatchState = 'RUNNING' | 'PAUSED' | 'CANCELLED';

/** One bulk send. */
export interface Batch {
  readonly id: string;
  readonly sessionId: string;
  readonly state: BatchState;
  readonly templateId: string | null;
  /** Recipients that were given, before duplicates collapsed. */
  readonly given: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Recipients that get nothing: neither accepted nor the same as another one. */
export const refusedOf = ({ given, accepted, duplicates }: Batch): number => given - accepted - duplicates;

/** A recipient that was not accepted, and why. */
export interface Refusal {
  /** From 1, as the recipients were given. */
  readonly place: number;
  /** As it was written. */
  readonly recipient: string;
  readonly code: string;
  readonly detail: string;
}

/** What a second mention of the same number is called in the result. */
export const DUPLICATE = 'duplicate-recipient';
