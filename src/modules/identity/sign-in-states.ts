import { Injectable } from '@nestjs/common';

import { permissionsOf, type Principal } from '../access/index.js';
import { LoginSessionRepository, type SignInState } from './login-session.repository.js';

/** Other processes learn of a logout or a changed role within this time; this one at once. */
const FRESH_MS = 2000;
const MAX_REMEMBERED = 10_000;

export interface LiveSignIn {
  readonly userId: string;
  readonly tokenVersion: number;
  readonly principal: Principal;
}

interface Entry {
  readonly since: number;
  readonly found: Promise<LiveSignIn | null>;
  /** Unknown until it has been read. */
  userId?: string;
}

const toLiveSignIn = (state: SignInState): LiveSignIn => ({
  userId: state.userId,
  tokenVersion: state.tokenVersion,
  principal: {
    kind: 'user',
    id: state.userId,
    name: state.name,
    permissions: permissionsOf(state.role),
    scope: state.role === 'ADMIN' ? { kind: 'all' } : { kind: 'some', ids: new Set(state.sessionIds) },
    loginSessionId: state.loginSessionId,
  },
});

/** What each sign-in may do at this moment; read from the database at most every two seconds. */
@Injectable()
export class SignInStates {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly loginSessions: LoginSessionRepository) {}

  /** Null when the sign-in is over or the person may not sign in. */
  find(loginSessionId: string): Promise<LiveSignIn | null> {
    const known = this.entries.get(loginSessionId);
    if (known && performance.now() - known.since < FRESH_MS) return known.found;
    return this.load(loginSessionId).found;
  }

  forget(loginSessionId: string): void {
    this.entries.delete(loginSessionId);
  }

  forgetUser(userId: string): void {
    for (const [id, entry] of this.entries) {
      // One that is being read may have been read before the change.
      if (entry.userId === undefined || entry.userId === userId) this.entries.delete(id);
    }
  }

  private load(loginSessionId: string): Entry {
    const read = this.loginSessions.findState(loginSessionId);
    const entry: Entry = { since: performance.now(), found: read.then((state) => state && toLiveSignIn(state)) };
    this.entries.delete(loginSessionId);
    this.makeRoom();
    this.entries.set(loginSessionId, entry);
    entry.found.then(
      (signIn) => {
        if (signIn) entry.userId = signIn.userId;
      },
      () => {
        if (this.entries.get(loginSessionId) === entry) this.entries.delete(loginSessionId);
      },
    );
    return entry;
  }

  private makeRoom(): void {
    if (this.entries.size < MAX_REMEMBERED) return;
    const [oldest] = this.entries.keys();
    if (oldest !== undefined) this.entries.delete(oldest);
  }
}
