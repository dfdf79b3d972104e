import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { type Json, listOf, recordOf } from './base/json.js';
import {
  type AppOptions,
  DEFAULT_ACCOUNT,
  DEFAULT_NUMBER,
  type NumberOptions,
  type StandInOptions,
} from './options.js';

const DEFAULT_PORT = 8090;

/** What can be set, as `--webhook-url` or `META_STAND_IN_WEBHOOK_URL`. */
const FLAGS: Readonly<Record<string, string>> = {
  host: 'the address to listen on (127.0.0.1); the control API answers this machine alone unless --open-control is set',
  port: 'the port (8090); 0 takes any free one',
  'app-id': 'the id of the app',
  'app-secret': 'signs the notifications',
  'access-token': 'what the gateway shows',
  'webhook-url': 'where notifications go',
  'verify-token': 'what the webhook must know',
  'account-id': 'the WhatsApp Business Account',
  numbers: 'its numbers: ID=+1 555-010-0001,ID=…',
  'latency-ms': 'how long every call of the Graph API waits',
  seed: 'makes ids and chances repeat themselves',
  config: 'a JSON file with everything that MetaStandIn.listen takes, for several apps and accounts',
  'open-control': 'true: the control API answers every machine',
};

export const USAGE = `Usage: npm run meta:stand-in -- [options]

${Object.entries(FLAGS)
  .map(([name, about]) => `  --${name.padEnd(14)} ${about}`)
  .join('\n')}

  Each can be set as a variable, too: --webhook-url is META_STAND_IN_WEBHOOK_URL.
`;

type Values = Readonly<Record<string, string | undefined>>;

/** Throws a sentence for whoever typed it. */
export const readCommandLine = (args: readonly string[], environment: Values): StandInOptions => {
  const known = Object.fromEntries(Object.keys(FLAGS).map((name) => [name, { type: 'string' as const }]));
  const { values: given } = parseArgs({ args: [...args], options: known });
  const flags = given as Values;
  const values: Values = Object.fromEntries(
    Object.keys(FLAGS).map((name) => [name, flags[name] ?? environment[variableOf(name)]]),
  );
  const host = values['host'];
  return {
    ...(host === undefined ? {} : { host }),
    port: wholeNumber(values, 'port', DEFAULT_PORT),
    seed: wholeNumber(values, 'seed', 1),
    isControlLocal: values['open-control'] !== 'true',
    behaviour: { latencyMs: wholeNumber(values, 'latency-ms', 0) },
    apps: [appOf(values)],
    ...fileOptions(values['config']),
  };
};

const variableOf = (name: string): string => `META_STAND_IN_${name.replaceAll('-', '_').toUpperCase()}`;

const wholeNumber = (values: Values, name: string, fallback: number): number => {
  const text = values[name];
  if (text === undefined) return fallback;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} must be a whole number.`);
  return Number(text);
};

const appOf = (values: Values): AppOptions => {
  const { id, ...account } = DEFAULT_ACCOUNT;
  const members: readonly (readonly [name: keyof AppOptions, value: string | undefined])[] = [
    ['id', values['app-id']],
    ['secret', values['app-secret']],
    ['accessToken', values['access-token']],
    ['webhookUrl', values['webhook-url']],
    ['verifyToken', values['verify-token']],
  ];
  const numbers = values['numbers'] === undefined ? account.numbers : numbersOf(values['numbers']);
  return {
    ...(Object.fromEntries(members.filter(([, value]) => value !== undefined)) as AppOptions),
    accounts: [{ ...account, numbers: numbers ?? [], id: values['account-id'] ?? id }],
  };
};

const numbersOf = (text: string): NumberOptions[] =>
  text.split(',').map((part) => {
    const [id = '', displayPhoneNumber = DEFAULT_NUMBER.displayPhoneNumber] = part.trim().split('=');
    if (!/^\d+$/.test(id)) throw new Error('--numbers must be ID=+PHONE, separated by commas.');
    return { id, displayPhoneNumber };
  });

const fileOptions = (path: string | undefined): StandInOptions => {
  if (path === undefined) return {};
  const value: Json = recordOf(JSON.parse(readFileSync(path, 'utf8')));
  if (value['apps'] !== undefined && listOf(value['apps']).length === 0)
    throw new Error(`${path}: apps must be a list.`);
  return value;
};
