import { globSync, readFileSync } from 'node:fs';

/** What could open a connection past the guarded client. */
const WAYS = [
  /\bfetch\(/,
  /from 'undici'/,
  /from '(node:)?https?'/,
  /from '(axios|got|node-fetch|ky|superagent)'/,
  /\bnew WebSocket\(/,
];

/** Who may, and why: neither goes to an address that a user has given. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'src/platform/egress/egress.ts': 'the guarded client itself',
  'src/platform/http/early-errors.ts': 'reads the names of status codes',
  'src/app.setup.ts': 'types of the server',
};

const offenders = (files: readonly string[], read = (file: string): string => readFileSync(file, 'utf8')): string[] =>
  files.filter((file) => WAYS.some((way) => way.test(read(file))) && !(file in EXCEPTIONS));

describe('requests that leave', () => {
  it('S14 all go through the guarded client', () => {
    const files = globSync('src/**/*.ts').filter((file) => !/\.spec\.ts$|src\/generated\//.test(file));
    expect(files.length).toBeGreaterThan(300);
    expect(offenders(files)).toEqual([]);
  });

  it.each([
    'await fetch(url)',
    "import { request } from 'undici';",
    "import https from 'node:https';",
    "import axios from 'axios';",
  ])('S14 and the check would notice %j', (line) => {
    expect(offenders(['src/modules/x.ts'], () => line)).toEqual(['src/modules/x.ts']);
  });
});
