/** Nest 12 is ES modules: run with NODE_OPTIONS=--experimental-vm-modules. */
const base = {
  rootDir: '.',
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    // Its ES module imports JSON in a way that Jest warns about on every file.
    '^libphonenumber-js/max$': '<rootDir>/node_modules/libphonenumber-js/max/index.cjs',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/data/'],
  // Libraries and the generated client ship plain ES modules or CommonJS that Node reads as they are.
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        module: { type: 'es6' },
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
      },
    ],
  },
};

/** @type {import('jest').Config} */
export default {
  // A machine that runs several kinds of tests at once is slow; what must be quick measures it.
  testTimeout: 60_000,
  projects: [
    { ...base, displayName: 'unit', roots: ['<rootDir>/src'], testRegex: '(?<!int-)(?<!e2e-)\\.spec\\.ts$' },
    { ...base, displayName: 'architecture', roots: ['<rootDir>/test/architecture'], testRegex: '\\.spec\\.ts$' },
    { ...base, displayName: 'simulation', roots: ['<rootDir>/test/simulation'], testRegex: '\\.sim-spec\\.ts$' },
    { ...base, displayName: 'integration', roots: ['<rootDir>/test/integration'], testRegex: '\\.int-spec\\.ts$' },
    {
      ...base,
      displayName: 'e2e',
      roots: ['<rootDir>/test/e2e'],
      testRegex: '\\.e2e-spec\\.ts$',
      setupFilesAfterEnv: ['<rootDir>/test/support/check-invariants.ts'],
    },
    { ...base, displayName: 'faults', roots: ['<rootDir>/test/faults'], testRegex: '\\.fault-spec\\.ts$' },
    { ...base, displayName: 'simulator', roots: ['<rootDir>/test/wa-web-sim'], testRegex: '\\.spec\\.ts$' },
  ],
};
