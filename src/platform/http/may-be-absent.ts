import { ValidateIf } from 'class-validator';

/** The field may be left out; `null` is not the same as left out, and is validated like any other value. */
export const MayBeAbsent = (): PropertyDecorator => ValidateIf((_object, value) => value !== undefined);
