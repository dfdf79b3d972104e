declare const data: unique symbol;

/** How a failed job is tried again: the wait doubles from `retryDelaySeconds` up to `retryMaxDelaySeconds`. */
export interface JobRetries {
  readonly limit: number;
  readonly delaySeconds: number;
  readonly maxDelaySeconds: number;
}

/** A named kind of job; the type of its data travels with the value. */
export interface JobDefinition<Data extends object = object> {
  /** Names the queue; never changes. */
  readonly name: string;
  readonly retries: JobRetries;
  /** A job that has been running for longer is taken from its worker and tried again. */
  readonly expiresInSeconds: number;
  readonly [data]?: Data;
}

export type DataOfJob<J extends JobDefinition> = J extends JobDefinition<infer D> ? D : never;

/** `const SendMail = defineJob<{ to: string }>()({ name: 'mail', retries: {...}, expiresInSeconds: 60 })` */
export const defineJob =
  <Data extends object = object>() =>
  (definition: Pick<JobDefinition, 'name' | 'retries' | 'expiresInSeconds'>): JobDefinition<Data> =>
    Object.freeze(definition);
