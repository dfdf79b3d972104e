import { permissionsOf } from './role.js';
import { covers } from './permission.js';
import { canSee, type Principal, visibleSessions } from './principal.js';

const holding = (scope: Principal['scope']): Principal => ({
  kind: 'user',
  id: 'usr_1',
  name: 'Ann',
  permissions: permissionsOf('OPERATOR'),
  scope,
});

describe('what a principal may see', () => {
  it('A6 an empty grant is no grant', () => {
    const nothing = holding({ kind: 'some', ids: new Set() });
    expect(visibleSessions(nothing)).toEqual([]);
    for (const id of ['default', '', '*', 'undefined', '__proto__']) expect(canSee(nothing, id)).toBe(false);
  });

  it('A6 a grant is for the sessions that it names', () => {
    const some = holding({ kind: 'some', ids: new Set(['a']) });
    expect([canSee(some, 'a'), canSee(some, 'A'), canSee(some, 'b')]).toEqual([true, false, false]);
    expect(visibleSessions(some)).toEqual(['a']);
    expect(visibleSessions(holding({ kind: 'all' }))).toBeUndefined();
  });

  it('permissions that a route names are all needed', () => {
    const held = permissionsOf('VIEWER');
    expect(covers(held, ['sessions:read', 'messages:read'])).toBe(true);
    expect(covers(held, ['sessions:read', 'messages:send'])).toBe(false);
  });
});
