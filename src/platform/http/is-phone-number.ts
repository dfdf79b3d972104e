import { registerDecorator, type ValidationOptions } from 'class-validator';

import { parsePhoneNumber } from '../../kernel/phone-number.js';
import { parseRecipient } from '../../kernel/recipient.js';

const textThat = (
  name: string,
  holds: (value: string) => boolean,
  what: string,
): ((options?: ValidationOptions) => PropertyDecorator) => {
  return (options = {}) =>
    (target, key) => {
      registerDecorator({
        name,
        target: target.constructor,
        propertyName: String(key),
        options,
        validator: {
          validate: (value: unknown) => typeof value === 'string' && holds(value),
          defaultMessage: () => `${options.each === true ? 'each of ' : ''}${String(key)} must be ${what}`,
        },
      });
    };
};

/** A number that some country has, in international form. */
export const IsPhoneNumberE164 = textThat(
  'isPhoneNumberE164',
  (value) => parsePhoneNumber(value) !== null,
  'a phone number in international form, such as +12025550110',
);

/** A phone number in international form, or the address of a group. */
export const IsRecipient = textThat(
  'isRecipient',
  (value) => parseRecipient(value) !== null,
  'a phone number in international form, such as +12025550110, or a group',
);
