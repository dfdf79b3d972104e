import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Rules {
  readonly forbidden: readonly { readonly name: string }[];
}

interface Report {
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CONFIG = join(ROOT, '.dependency-cruiser.cjs');
const { forbidden } = createRequire(import.meta.url)(CONFIG) as Rules;

/** This floor's rule is named after all that live on it, and they become more. */
const UPPER_FLOOR = forbidden.find(({ name }) => name.startsWith('event-stream-and-'))?.name ?? 'missing';

/** For each rule a file that breaks it: where it lies, and what it imports. */
const BREAKS: Readonly<Record<string, readonly [file: string, imported: string]>> = {
  'access-look-down': ['src/modules/access/breaks.ts', '../audit/index.js'],
  'audit-look-down': ['src/modules/audit/breaks.ts', '../identity/index.js'],
  'identity-and-api-keys-and-encryption-look-down': ['src/modules/identity/breaks.ts', '../engines/index.js'],
  'engines-look-down': ['src/modules/engines/breaks.ts', '../sessions/index.js'],
  'sessions-look-down': ['src/modules/sessions/breaks.ts', '../messages/index.js'],
  'messages-look-down': ['src/modules/messages/breaks.ts', '../whatsapp/index.js'],
  'media-and-limits-and-opt-outs-and-templates-look-down': ['src/modules/media/breaks.ts', '../messages/index.js'],
  'batches-and-automatic-replies-and-whatsapp-look-down': [
    'src/modules/whatsapp/breaks.ts',
    '../notifications/index.js',
  ],
  [UPPER_FLOOR]: ['src/modules/webhooks/breaks.ts', '../console/index.js'],
  'every-feature-has-a-floor': ['src/modules/cellar/breaks.ts', '../../kernel/ids.js'],
  'no-cycles': ['src/platform/ring/one.ts', './two.js'],
  'kernel-is-pure': ['src/kernel/breaks.ts', '@nestjs/common'],
  'domain-is-pure': ['src/modules/access/domain/breaks.ts', '../../../platform/ring/two.js'],
  'platform-knows-no-feature': ['src/platform/breaks.ts', '../modules/access/index.js'],
  'modules-meet-at-the-front-door': ['src/modules/sessions/guest.ts', '../access/access.js'],
  'front-door-is-for-guests': ['src/modules/access/resident.ts', './index.js'],
  'http-is-a-leaf': ['src/modules/access/access.ts', './http/access.request.js'],
  'only-repositories-touch-prisma': ['src/modules/access/database.ts', '@prisma/client'],
  'drivers-stay-in-their-engine': ['src/modules/sessions/driver.ts', 'whatsapp-web.js'],
  'engines-are-strangers': ['src/modules/engines/sandbox/breaks.ts', '../web/web.js'],
  'event-emitter-behind-the-bus': ['src/modules/access/emitter.ts', '@nestjs/event-emitter'],
  'production-does-not-import-tests': ['src/platform/tested.ts', '../../test/support/breaks.js'],
  'meta-stand-in-stands-alone': ['src/meta-stand-in/breaks.ts', '../kernel/ids.js'],
  'nothing-leans-on-the-meta-stand-in': ['src/platform/leans.ts', '../meta-stand-in/main.js'],
  'guests-use-the-package': ['examples/shop/breaks.ts', '../../src/kernel/ids.js'],
  'no-orphans': ['src/platform/orphan.ts', ''],
  'declared-dependencies-only': ['src/platform/undeclared.ts', 'no-such-package'],
  'no-dev-dependency-in-production': ['src/platform/development.ts', 'fast-check'],
};

/** What the files above import. */
const HARMLESS = [
  ...['access', 'audit', 'identity', 'engines', 'sessions', 'messages', 'whatsapp', 'notifications', 'console'].map(
    (feature) => `src/modules/${feature}/index.ts`,
  ),
  'src/kernel/ids.ts',
  'src/modules/access/http/access.request.ts',
  'src/modules/engines/web/web.ts',
  'src/meta-stand-in/main.ts',
  'test/support/breaks.ts',
];

describe('the dependency rules', () => {
  let house: string;
  let violations: readonly (readonly [rule: string, file: string])[];

  const write = (file: string, imported: string): void => {
    const path = join(house, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${imported === '' ? '' : `import '${imported}';\n`}export const here = true;\n`);
  };

  beforeAll(() => {
    house = mkdtempSync(join(tmpdir(), 'waypost-rules-'));
    for (const file of ['package.json', 'tsconfig.json']) cpSync(join(ROOT, file), join(house, file));
    symlinkSync(join(ROOT, 'node_modules'), join(house, 'node_modules'));
    for (const file of HARMLESS) write(file, '');
    for (const [file, imported] of Object.values(BREAKS)) write(file, imported);
    write('src/platform/ring/two.ts', './one.js');
    write('src/kernel/phone-number.ts', 'libphonenumber-js/max');

    const program = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    const args = [program, 'src', 'test', 'examples', '--config', CONFIG, '--output-type', 'json'];
    const { stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: house,
      env: { PATH: process.env['PATH'] },
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (stdout === '') throw new Error(stderr);
    const { summary } = JSON.parse(stdout) as Report;
    violations = summary.violations.map(({ rule, from }) => [rule.name, from] as const);
  }, 60_000);

  afterAll(() => {
    rmSync(house, { recursive: true, force: true });
  });

  it('are all broken here once', () => {
    const last = forbidden.map(({ name }) => name).filter((name) => !(name in BREAKS));
    expect(last).toEqual([]);
  });

  it.each(Object.entries(BREAKS))('notice a break of %s', (rule, [file]) => {
    expect(forbidden.map(({ name }) => name)).toContain(rule);
    expect(violations).toContainEqual([rule, file]);
  });

  it('let the phone numbers of the kernel be', () => {
    expect(violations).not.toContainEqual(['kernel-is-pure', 'src/kernel/phone-number.ts']);
  });
});
