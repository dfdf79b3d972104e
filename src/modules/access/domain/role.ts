import { ALL_PERMISSIONS, type Permission } from './permission.js';

/** What each role may do. ADMIN sees every session; the others see the sessions granted to them. */
export const ROLES = {
  ADMIN: ALL_PERMISSIONS,
  OPERATOR: [
    'sessions:read',
    'sessions:pair',
    'messages:send',
    'messages:read',
    'templates:manage',
    'media:manage',
    'usage:read',
    'sandbox:control',
  ],
  VIEWER: ['sessions:read', 'messages:read', 'usage:read', 'monitoring:read'],
} as const satisfies Record<string, readonly Permission[]>;

export type Role = keyof typeof ROLES;

export const ROLE_NAMES = Object.keys(ROLES) as readonly Role[];

export const permissionsOf = (role: Role): ReadonlySet<Permission> => new Set<Permission>(ROLES[role]);
