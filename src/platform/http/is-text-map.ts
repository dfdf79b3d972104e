import { registerDecorator } from 'class-validator';

/** Names and texts in JSON: a value that is no text is refused, not written out. */
export const IsTextMap = (): PropertyDecorator => (target, key) => {
  registerDecorator({
    name: 'isTextMap',
    target: target.constructor,
    propertyName: String(key),
    validator: {
      validate: (value: unknown) =>
        typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        Object.values(value).every((one) => typeof one === 'string'),
      defaultMessage: () => `${String(key)} must be an object whose members are texts`,
    },
  });
};
