/** A call of the control API that makes no sense; a fault of the test, said plainly. */
export class ControlError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export const refuse = (message: string): ControlError => new ControlError(400, message);

export const notThere = (what: string, id: string): ControlError => new ControlError(404, `There is no ${what} ${id}.`);
