/** A refusal with the HTTP status that the control API, or the page, shall see. */
export class SimError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'SimError';
    this.status = status;
  }
}

/** The value, or a refusal when there is none. */
export function required<T>(value: T | null | undefined, status: number, message?: string): T {
  if (value !== null && value !== undefined) return value;
  throw new SimError(status, message ?? (status === 404 ? 'ServerStatusCodeError: 404' : `status ${String(status)}`));
}
