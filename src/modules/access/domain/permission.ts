/** Every permission there is. The text is shown to people and in docs/permissions.md. */
export const PERMISSIONS = {
  'whatsapp:admin': 'Use the /whatsapp endpoints of the session "default"',
  'sessions:read': 'See sessions and their state',
  'sessions:manage': 'Create, start, stop and remove sessions',
  'sessions:pair': 'See QR codes and pairing codes, and link a number',
  'messages:send': 'Send messages',
  'messages:read': 'Read the message log',
  'templates:manage': 'Create, change and remove templates',
  'media:manage': 'Upload and remove media',
  'webhooks:manage': 'Create, change and remove webhooks',
  'users:manage': 'Create, change and remove people',
  'api-keys:manage': 'Create and revoke API keys',
  'audit:read': 'Read and verify the audit trail',
  'usage:read': 'See usage figures',
  'monitoring:read': 'See metrics and the detail of health',
  'settings:manage': 'Change settings of the installation',
  'sandbox:control': 'Steer sandbox sessions as a phone and a contact would',
} as const satisfies Record<`${string}:${string}`, string>;

export type Permission = keyof typeof PERMISSIONS;

export const ALL_PERMISSIONS = Object.keys(PERMISSIONS) as readonly Permission[];

/** True when `held` covers every entry of `required`. */
export const covers = (held: ReadonlySet<Permission>, required: readonly Permission[]): boolean =>
  required.every((permission) => held.has(permission));
