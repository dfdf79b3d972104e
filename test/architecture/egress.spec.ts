import { globSync, readFileSync } from 'node:fs';

const CLIENTS = 'undici|axios|got|node-fetch|ky|superagent|needle|phin|request|ws|eventsource';
const SERVICES = 'pg|ioredis|nodemailer|@aws-sdk/[\\w-]+|whatsapp-web\\.js|puppeteer(?:-core)?';

/** What could open a connection past the guarded client. */
const WAYS = [
  /\bfetch\s*[(;,)]|globalThis\.fetch/,
  /\bnew (?:WebSocket|EventSource|XMLHttpRequest)\b/,
  new RegExp(`(?:from|import\\(|require\\()\\s*['"](?:node:)?(?:https?|http2|tls|dgram)['"]`),
  new RegExp(`(?:from|import\\(|require\\()\\s*['"](?:${CLIENTS})['"/]`),
  new RegExp(`(?:from|import\\(|require\\()\\s*['"](?:${SERVICES})['"/]`),
  /import (?!type)[^;]*\b(?:connect|createConnection|Socket)\b[^;]*from '(?:node:)?net'|import\((?:'node:net'|'net')\)/,
];

/** Who may, and why: none but the first goes to an address that a user has given. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'src/platform/egress/egress.ts': 'the guarded client itself',
  'src/platform/http/early-errors.ts': 'reads the names of status codes',
  'src/platform/cache/redis-connection.ts': 'the Redis of the operator',
  'src/platform/http/throttle/rate-limiters.ts': 'the Redis of the operator',
  'src/platform/prisma/migration-history.ts': 'the PostgreSQL of the operator',
  'src/platform/prisma/migrator.ts': 'the PostgreSQL of the operator',
  'src/platform/prisma/prisma.service.ts': 'the PostgreSQL of the operator',
  'src/platform/prisma/schema-engine.ts': 'the PostgreSQL of the operator',
  'src/platform/embedded-postgres/embedded-postgres.ts': 'the PostgreSQL of its own',
  'src/platform/embedded-postgres/guardian.ts': 'holds a socket of its parent',
  'src/platform/embedded-postgres/postgres-roles.ts': 'the PostgreSQL of its own',
  'src/modules/media/stores/s3-store.ts': 'the store of the operator',
  'src/modules/notifications/mail/smtp-mailer.ts': 'the mail server of the operator',
  'src/meta-stand-in/http/listener.ts': 'listens; a program of its own, which the server never loads',
  'src/meta-stand-in/http/outgoing.ts': 'calls the webhook of the operator, as Meta would',
  'src/modules/engines/cloud/graph-client.ts':
    'the Graph API at the address of the operator; files on hosts of Meta alone',
  'src/modules/engines/web/library.ts': 'WhatsApp Web, behind a list of its own (ADR 0091)',
};

/** Types open nothing, and neither do comments. */
const codeOf = (text: string): string =>
  text.replace(/\/\*[^]*?\*\/|(?<=^|\s)\/\/.*$/gm, '').replace(/^import type [^;]*;$/gm, '');

const findOffenders = (files: readonly string[], read: (file: string) => string): string[] =>
  files.filter((file) => WAYS.some((way) => way.test(codeOf(read(file)))));

const readSource = (file: string): string => readFileSync(file, 'utf8');

describe('requests that leave', () => {
  const files = globSync('src/**/*.ts').filter((file) => !/\.spec\.ts$|src\/generated\//.test(file));

  it('S14 all go through the guarded client, but for what the operator has configured', () => {
    expect(files.length).toBeGreaterThan(300);
    expect(findOffenders(files, readSource).filter((file) => !(file in EXCEPTIONS))).toEqual([]);
  });

  it('S14 no exception stays that is not needed', () => {
    expect(Object.keys(EXCEPTIONS).filter((file) => findOffenders([file], readSource).length === 0)).toEqual([]);
  });

  it.each([
    'await fetch(url)',
    'const get = fetch;',
    'ask(url, globalThis.fetch)',
    "import { request } from 'undici';",
    "const { request } = await import('undici');",
    "import https from 'node:https';",
    "import { get } from 'http';",
    "import { connect } from 'node:net';",
    "import { connect } from 'node:tls';",
    "import axios from 'axios';",
    "import { S3Client } from '@aws-sdk/client-s3';",
    'new WebSocket(url)',
  ])('S14 and the check would notice %j', (line) => {
    expect(findOffenders(['src/modules/x.ts'], () => line)).toEqual(['src/modules/x.ts']);
  });

  it.each(["import { isIP } from 'node:net';", "import type { Readable } from 'undici';", '// fetch(it)'])(
    'S14 and does not mind %j',
    (line) => {
      expect(findOffenders(['src/modules/x.ts'], () => line)).toEqual([]);
    },
  );
});
