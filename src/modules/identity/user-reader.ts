import { Injectable } from '@nestjs/common';

import { decodeCursor, toPage } from '../../kernel/page.js';
import { InvalidRequestError } from '../../platform/http/http.errors.js';
import { isUserId, type User, type UserPage } from './domain/user.js';
import { UserNotFoundError } from './identity.errors.js';
import { UserRepository } from './user.repository.js';

/** A cursor is bound to its filters; this list has none. */
const FILTERS = { list: 'users' } as const;

@Injectable()
export class UserReader {
  constructor(private readonly users: UserRepository) {}

  async get(id: string): Promise<User> {
    const user = isUserId(id) ? await this.users.findById(id) : null;
    if (!user) throw new UserNotFoundError();
    return user;
  }

  async list({ limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined }): Promise<UserPage> {
    const after = cursor === undefined ? null : decodeCursor(cursor, FILTERS);
    if (cursor !== undefined && (after === null || !isUserId(after))) {
      throw new InvalidRequestError([{ pointer: '?cursor', detail: 'cursor is not one of this list' }]);
    }
    return toPage(await this.users.findAfter(after, limit), limit, FILTERS, ({ id }) => id);
  }
}
