import type { OpenAPIObject } from '@nestjs/swagger';

type Json = Record<string, unknown>;

interface Operation extends Json {
  operationId?: string;
  tags?: readonly string[];
  summary?: string;
  description?: string;
  parameters?: { required?: boolean; readonly schema?: Json }[];
  responses: Json;
}

interface Schema extends Json {
  required?: string[];
  readonly properties?: Readonly<Record<string, Json>>;
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;
const PROBLEM = { $ref: '#/components/responses/Problem' };

const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'RFC 9457. `code` is stable; docs/errors.md has a section for each.',
  required: ['type', 'title', 'status', 'instance', 'code'],
  properties: {
    type: { type: 'string', example: '/errors#invalid-request' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'For people; may change.' },
    instance: { type: 'string', description: 'The id of the request, as in `X-Request-Id`.' },
    code: { type: 'string', example: 'invalid-request' },
    errors: {
      type: 'array',
      description: 'Every bad field of an `invalid-request`.',
      items: {
        type: 'object',
        required: ['pointer', 'detail'],
        properties: { pointer: { type: 'string', example: '#/to' }, detail: { type: 'string' } },
      },
    },
  },
  additionalProperties: true,
};

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** The compiler lists the members of a union in the order in which it met them, which every change may change. */
const inOrder = (key: string, member: unknown): unknown =>
  key === 'enum' && Array.isArray(member) ? member.toSorted() : member;

/** OpenAPI 3.1 has no `nullable`: a value that may be null says so in its type. */
const toVersion31 = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(toVersion31);
  if (!isObject(value)) return value;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, toVersion31(inOrder(key, member))]),
  );
  if (nullable !== true) return rest;
  if (typeof rest['type'] !== 'string') return { anyOf: [rest, { type: 'null' }] };
  const { enum: choices, ...others } = rest;
  return {
    ...others,
    type: [rest['type'], 'null'],
    ...(Array.isArray(choices) ? { enum: [...(choices as unknown[]), null] } : {}),
  };
};

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

const nounOf = (tag: string, isPlural: boolean): string => {
  const noun = tag.split('-').map(capital).join('');
  return isPlural ? noun : noun.replace(/s$/, '');
};

/** `UsersController_list` → `listUsers`, `UsersController_create` → `createUser`; `sendMessage` says it all already. */
const operationIdOf = ({ operationId = '', tags = [] }: Operation): string => {
  const method = operationId.split('_', 2)[1] ?? operationId;
  return /[A-Z]/.test(method) ? method : `${method}${nounOf(tags[0] ?? '', method === 'list')}`;
};

/** A comment is written once: its first sentence is the headline. */
const headline = (operation: Operation): void => {
  const [, first, rest] = /^(.+?\.)(?:\s+(.+))?$/s.exec(operation.summary?.replaceAll('\n', ' ') ?? '') ?? [];
  if (first === undefined) return;
  operation.summary = first;
  if (rest !== undefined) operation.description = rest;
};

/** What has a default may be left out, though the property always has a value once it is read. */
const relaxDefaults = (parameters: Operation['parameters'], schemas: Readonly<Record<string, Schema>>): void => {
  for (const parameter of parameters ?? []) if (parameter.schema?.['default'] !== undefined) parameter.required = false;
  for (const schema of Object.values(schemas)) {
    if (schema.required === undefined) continue;
    schema.required = schema.required.filter((name) => schema.properties?.[name]?.['default'] === undefined);
    if (schema.required.length === 0) delete schema.required;
  }
};

const operationsOf = (document: OpenAPIObject): readonly Operation[] =>
  Object.values(document.paths).flatMap((path) =>
    METHODS.map((method) => path[method]).filter((found) => found !== undefined),
  ) as unknown as readonly Operation[];

const requireUnique = (ids: readonly string[]): void => {
  const twice = ids.find((id, place) => ids.indexOf(id) !== place);
  if (twice !== undefined) throw new Error(`Two operations are called "${twice}": rename one of the methods.`);
};

/** Turns what the framework knows of the routes into the document that is published. */
export const toPublicDocument = (document: OpenAPIObject): OpenAPIObject => {
  const operations = operationsOf(document);
  for (const operation of operations) {
    operation.operationId = operationIdOf(operation);
    headline(operation);
    relaxDefaults(operation.parameters, (document.components?.schemas ?? {}) as Record<string, Schema>);
    operation.responses = { ...operation.responses, '4XX': PROBLEM, '5XX': PROBLEM };
  }
  requireUnique(operations.map(({ operationId }) => operationId ?? ''));
  const components = (document.components ?? {}) as Json;
  const published = {
    ...document,
    components: {
      ...components,
      schemas: { ...(components['schemas'] as Json), Problem: PROBLEM_SCHEMA },
      responses: {
        Problem: {
          description: 'What went wrong, for people and for programs.',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  };
  return toVersion31(published) as OpenAPIObject;
};
