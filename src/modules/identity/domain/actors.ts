import type { User } from './user.js';

/** Whoever has not proved who they are. */
export const ANONYMOUS = { kind: 'anonymous', id: 'anonymous', name: 'Anonymous' } as const;

/** For acts on routes that anybody may call: the guard has not put a name to the request there. */
export const asActor = ({ id, name }: Pick<User, 'id' | 'name'>): { kind: string; id: string; name: string } => ({
  kind: 'user',
  id,
  name,
});
