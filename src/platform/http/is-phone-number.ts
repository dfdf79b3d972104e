import { registerDecorator } from 'class-validator';

import { parsePhoneNumber } from '../../kernel/phone-number.js';

/** A number that some country has, in international form. */
export const IsPhoneNumberE164 = (): PropertyDecorator => (target, key) => {
  registerDecorator({
    name: 'isPhoneNumberE164',
    target: target.constructor,
    propertyName: String(key),
    validator: {
      validate: (value: unknown) => typeof value === 'string' && parsePhoneNumber(value) !== null,
      defaultMessage: () => `${String(key)} must be a phone number in international form, such as +12025550110`,
    },
  });
};
