import type { Page } from '../../../kernel/page.js';

/** The role as it is stored; what it grants is known to the feature `access`. */
export type RoleName = 'ADMIN' | 'OPERATOR' | 'VIEWER';

/** A person who may sign in. */
export interface User {
  readonly id: string;
  /** Lower case. */
  readonly email: string;
  readonly name: string;
  readonly role: RoleName;
  /** Sessions granted to this person; an administrator sees all of them without. */
  readonly sessionIds: readonly string[];
  readonly isDisabled: boolean;
  /** Access tokens of an older version are dead. */
  readonly tokenVersion: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type UserPage = Page<User>;

/** One person, one address: letters of either case are the same mailbox to those who sign in. */
export const normalizeEmail = (email: string): string => email.trim().toLowerCase();

const USER_ID = /^usr_[0-9a-z]{26}$/;

/** What cannot be an id of ours is nobody's, and need not be looked for. */
export const isUserId = (id: string): boolean => USER_ID.test(id);
