import { readFileSync } from 'node:fs';

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';

import type { Answer, Call, HttpClient } from '../support/http-client.js';
import { createLinkedApp, type LinkedApp } from '../support/linked-app.js';
import { type JsonSchema, type Schemas, SchemaValues } from '../support/schema-values.js';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema?: JsonSchema;
}

type Contents = Readonly<Record<string, { readonly schema?: JsonSchema }>>;

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Contents };
  readonly responses: Readonly<Record<string, { readonly content?: Contents }>>;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Schemas };
}

interface Attempt extends Call {
  readonly path: string;
}

const EXAMPLES = 100;
const AT_ONCE = 8;
/** The same requests each time, so that a failure is one of the change that is tested. */
const SEED = 20_261_121;
/** It answers for as long as somebody listens. */
const ENDLESS = new Set(['GET /v1/events']);
/** They end what the others need: the connection of the session, and then the sign-in. */
const LAST = [/\/(stop|reconnect|disconnect|behaviour)$|sessions.*logout$/, /^POST .v1.auth/];
/** Without a connection, or a browser, nothing can be asked or sent, and the answer says so. */
const UNAVAILABLE = new Set(['session-not-ready', 'session-not-connected', 'engine-unavailable']);

const brokenOnPurpose = { faults: /: 0 arrivals of/, because: 'a sandbox that is logged out forgets what has arrived' };

const turnOf = (route: string): number => LAST.findIndex((routes) => routes.test(route));

const description = JSON.parse(
  readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'),
) as Description;

const ROUTES = Object.entries(description.paths)
  .flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, operation })),
  )
  .filter(({ route }) => !ENDLESS.has(route))
  .sort((a, b) => turnOf(a.route) - turnOf(b.route));

const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(description, 'api');
const validators = new Map<string, ValidateFunction>();

const pointerOf = (...steps: readonly string[]): string =>
  steps.map((step) => `/${encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');

const validatorOf = (pointer: string): ValidateFunction => {
  const known = validators.get(pointer) ?? ajv.compile({ $ref: `api#${pointer}` });
  validators.set(pointer, known);
  return known;
};

const toText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A form with a file that is none of what it says it is. */
const toForm = (value: unknown): Call => {
  const text = `--b\r\ncontent-disposition: form-data; name="file"; filename="a.bin"\r\n\r\n${toText(value)}\r\n--b--\r\n`;
  return { rawBody: text, headers: { 'content-type': 'multipart/form-data; boundary=b' } };
};

const bodyOf = ({ requestBody }: Operation, values: SchemaValues): fc.Arbitrary<Call> => {
  const json = requestBody?.content['application/json']?.schema;
  if (json) return values.of(json).map((body) => ({ body }));
  return requestBody ? values.of({ type: 'object' }).map(toForm) : fc.constant({});
};

const attemptsOf = (route: string, operation: Operation, values: SchemaValues): readonly Attempt[] => {
  const [method = '', template = ''] = route.split(' ');
  // Waiting for the outcome says nothing about what comes in.
  const parameters = (operation.parameters ?? []).filter(
    ({ name, in: place }) => name !== 'wait' && place !== 'header',
  );
  const given = fc.record(
    Object.fromEntries(
      parameters.map(({ name, schema = {} }) => [name, values.of(schema, name === 'id' ? template : name)] as const),
    ),
    { requiredKeys: parameters.filter(({ required }) => required).map(({ name }) => name) },
  ) as fc.Arbitrary<Readonly<Record<string, unknown>>>;
  const attempt = fc.tuple(given, bodyOf(operation, values)).map(([known, call]): Attempt => {
    const path = template.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
      encodeURIComponent(toText(known[name]).toWellFormed()),
    );
    const query = new URLSearchParams(
      parameters.flatMap(({ name, in: place }) =>
        place === 'query' && name in known ? [[name, toText(known[name])]] : [],
      ),
    );
    return { ...call, method, path: `${path}${query.size > 0 ? `?${query.toString()}` : ''}` };
  });
  return fc.sample(attempt, { numRuns: EXAMPLES, seed: SEED });
};

const isFault = ({ status, body }: Answer): boolean =>
  status >= 500 && !(status === 503 && UNAVAILABLE.has((body as { code: string }).code));

/** Where the description says what a body of this type holds; null when it says nothing. */
const placeOf = (route: string, { responses }: Operation, key: string, type: string): string | null => {
  if (type === 'application/problem+json') return pointerOf('components', 'schemas', 'Problem');
  if (type !== 'application/json' || !responses[key]?.content?.[type]?.schema) return null;
  const [method = '', path = ''] = route.split(' ');
  return pointerOf('paths', path, method.toLowerCase(), 'responses', key, 'content', type, 'schema');
};

/** What is wrong with an answer, in one sentence; null when it is as described. */
const faultOf = (route: string, operation: Operation, answer: Answer): string | null => {
  const { status, body, headers, text } = answer;
  if (isFault(answer)) return `${String(status)} ${text.slice(0, 200)}`;
  const key = [String(status), `${String(status).slice(0, 1)}XX`].find((name) => name in operation.responses);
  if (key === undefined) return `${String(status)} is described nowhere`;
  const place = placeOf(route, operation, key, headers.get('content-type')?.split(';')[0] ?? '');
  const validate = place === null ? undefined : validatorOf(place);
  if (!validate || validate(body)) return null;
  return `${String(status)} ${ajv.errorsText(validate.errors)}: ${text.slice(0, 300)}`;
};

describe('the description of the interface', () => {
  let linked: LinkedApp;
  let client: HttpClient;
  let values: SchemaValues;
  const taken = new Set<string>();

  beforeAll(async () => {
    linked = await createLinkedApp({ brokenOnPurpose });
    client = linked.admin;
    const made = async (path: string, body: object): Promise<string> =>
      (await client.post<{ id: string }>(path, body)).body.id;
    const message = await made('/v1/messages', { to: '+12025550110', text: 'Hello' });
    const template = await made('/v1/templates', { name: 'hello', language: 'en', body: 'Hello {{name}}' });
    const optOut = await made('/v1/opt-outs', { phone: '+12025550199' });
    const { id: user } = await linked.app.person('VIEWER');
    const all = { message, template, optOut, user, session: 'default' };
    const byPath = Object.keys(description.paths).map((path) => {
      const kind = /^\/v1\/([a-z-]+)\//.exec(path)?.[1]?.replace(/s$/, '').replace('opt-out', 'optOut') ?? '';
      return [path, kind in all ? [all[kind as keyof typeof all]] : []] as const;
    });
    const meanings = { sessionId: ['default'], messageId: [message], replyTo: [message], templateId: [template] };
    values = new SchemaValues(description.components.schemas, { ...Object.fromEntries(byPath), ...meanings });
  });

  afterAll(() => linked.app.close());

  it.each(ROUTES)(
    'I15 $route: whatever comes in, what goes out is described, and no fault of its own',
    async ({ route, operation }) => {
      const waiting = [...attemptsOf(route, operation, values)];
      const faults: string[] = [];
      const work = async (): Promise<void> => {
        for (let attempt = waiting.pop(); attempt; attempt = waiting.pop()) {
          const answer = await client.call(attempt.path, attempt);
          if (answer.status < 300) taken.add(route);
          const fault = faultOf(route, operation, answer);
          if (fault !== null)
            faults.push(`${attempt.path} ${JSON.stringify(attempt.body ?? '').slice(0, 300)} → ${fault}`);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      expect(faults).toEqual([]);
    },
    120_000,
  );

  it('I15 is not tried with nonsense alone: most routes have done what they are for', () => {
    const untouched = ROUTES.map(({ route }) => route).filter((route) => !taken.has(route));
    expect(untouched.length).toBeLessThan(ROUTES.length / 2);
  });
});
