import { registerDecorator } from 'class-validator';

const MIN_BYTES = 32;
const MIN_DISTINCT = 8;

/** Values that stand in examples of this field: whoever copies one has no secret. */
const WELL_KNOWN = ['changeme', 'change-me', 'secret', 'password', 'dev-admin-key', 'thisismysecuretoken', 'example'];

const isStrong = (value: unknown): boolean => {
  if (typeof value !== 'string' || Buffer.byteLength(value) < MIN_BYTES) return false;
  if (new Set(value).size < MIN_DISTINCT) return false;
  return !WELL_KNOWN.some((word) => value.toLowerCase().includes(word));
};

/** At least 32 bytes, not one character over and over, and not a word out of an example. */
export const IsStrongSecret =
  ({ each = false } = {}): PropertyDecorator =>
  (target, key) => {
    registerDecorator({
      name: 'isStrongSecret',
      target: target.constructor,
      propertyName: String(key),
      validator: {
        validate: (value) => (each ? Array.isArray(value) && value.every(isStrong) : isStrong(value)),
        defaultMessage: () => `must be at least ${String(MIN_BYTES)} random bytes (try: openssl rand -base64 48)`,
      },
    });
  };
