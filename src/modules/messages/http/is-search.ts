import { ValidateBy } from 'class-validator';

import { isMessageText } from '../domain/message-text.js';
import { wordsOf } from '../domain/search-text.js';

const MAX_LENGTH = 200;

/** 1 to 200 characters of which something can be seen. */
export const IsSearch = (): PropertyDecorator =>
  ValidateBy({
    name: 'isSearch',
    validator: {
      validate: (value: unknown) =>
        typeof value === 'string' && isMessageText(value, MAX_LENGTH) && wordsOf(value).length > 0,
      defaultMessage: () => `q must be 1 to ${String(MAX_LENGTH)} characters with something to look for among them`,
    },
  });
