import { PERMISSIONS, type Permission, permissionsOf, ROLE_NAMES } from '../../src/modules/access/index.js';
import type { RouteRule } from './route-rules.js';

const isPermission = (permission: Permission, { rule }: RouteRule): boolean =>
  rule?.kind === 'permissions' && rule.all.includes(permission);

const list = (rules: readonly RouteRule[]): string => rules.map(({ route }) => `- \`${route}\``).join('\n');

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The text of `docs/permissions.md`. */
export const renderPermissions = (rules: readonly RouteRule[]): string => {
  const permissions = Object.entries(PERMISSIONS) as [Permission, string][];
  const table = [
    row(['permission', 'what it lets do', ...ROLE_NAMES]),
    row(['---', '---', ...ROLE_NAMES.map(() => ':-:')]),
    ...permissions.map(([permission, about]) =>
      row([
        `\`${permission}\``,
        about,
        ...ROLE_NAMES.map((role) => (permissionsOf(role).has(permission) ? 'yes' : '')),
      ]),
    ),
  ].join('\n');
  const sections = permissions
    .map(([permission]) => [permission, rules.filter((rule) => isPermission(permission, rule))] as const)
    .filter(([, routes]) => routes.length > 0)
    .map(([permission, routes]) => `### ${permission}\n\n${list(routes)}`);
  const ofKind = (kind: string): string => list(rules.filter(({ rule }) => rule?.kind === kind));
  return `# Permissions

Every route states who may call it; a route that states nothing is refused, and a test fails. This page is made from the
code (\`npm run docs:permissions\`) and compared with it.

A permission says *what*; a grant says *where*: operators and viewers see the sessions granted to them, and a session
that was not granted is answered 404, as if it did not exist. Administrators see every session.

## Permissions and roles

${table}

## Routes by permission

${sections.join('\n\n')}

## Whoever is signed in

${ofKind('authenticated')}

## Anybody

${ofKind('public')}
`;
};
