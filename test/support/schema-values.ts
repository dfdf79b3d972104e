import fc from 'fast-check';

/** The part of JSON Schema that the description of the interface uses. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly allOf?: readonly JsonSchema[];
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

export type Schemas = Readonly<Record<string, JsonSchema>>;

/** Values of a name that mean something here: an id that exists, a number that can be written to. */
export type Meanings = Readonly<Record<string, readonly string[]>>;

const LONGEST_TEXT = 300;
const LONGEST_LIST = 5;
const MOST_OPTIONS = 3;
const PHONES = ['+12025550110', '+12025550111', '+4915112345678', '120363021234567890@g.us'];
const PHONE_NAMES = /^(to|from|phone|phones|chat|mentions|sender)$/;
/** What breaks programs: ends of ranges, halves of characters, words with a meaning to somebody. */
const AWKWARD: readonly unknown[] = [
  ...[null, true, 0, -0, -1, 1.5, 2 ** 53 + 1, 1e308, '', ' ', '\u0000', '\ud800', '\u202e', 'é'.repeat(3000)],
  ...['__proto__', 'constructor', '../../etc/passwd', "'; DROP TABLE message; --", '%00', '{{name}}', '$1', '👩‍👩‍👧‍👦'],
  ...[
    [],
    {},
    [[]],
    [null],
    { __proto__: null },
    { $gt: '' },
    '2026-02-30T25:61:00Z',
    '9999-12-31T23:59:59Z',
    'NaN',
    '1e400',
  ],
];

const awkward = fc.oneof(
  { arbitrary: fc.constantFrom(...AWKWARD), weight: 3 },
  { arbitrary: fc.jsonValue(), weight: 1 },
);

const textOf = ({ format, pattern, minLength = 0, maxLength = LONGEST_TEXT }: JsonSchema): fc.Arbitrary<string> => {
  if (format === 'date-time') {
    const noInvalidDate = true;
    return fc
      .date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate })
      .map((d) => d.toISOString());
  }
  if (format === 'email') return fc.emailAddress();
  if (format === 'uri') return fc.webUrl();
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u'));
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.max(minLength, Math.min(maxLength, LONGEST_TEXT)) });
};

const rangeOf = ({ minimum = -1000, maximum = 1000 }: JsonSchema): { readonly min: number; readonly max: number } => ({
  min: minimum,
  max: Math.min(maximum, 2 ** 31 - 1),
});

/** Generates values that a schema allows, and a few in their midst that it does not. */
export class SchemaValues {
  private readonly kinds: Readonly<Record<string, (schema: JsonSchema, name: string) => fc.Arbitrary<unknown>>> = {
    array: (schema, name) => this.list(schema, name),
    object: (schema) => this.object(schema),
    boolean: () => fc.boolean(),
    integer: (schema) => fc.integer(rangeOf(schema)),
    number: (schema) => fc.oneof(fc.integer(rangeOf(schema)), fc.double({ ...rangeOf(schema), noNaN: true })),
  };

  constructor(
    private readonly schemas: Schemas,
    private readonly meanings: Meanings,
  ) {}

  /** Of a parameter or a property of this name. */
  of(schema: JsonSchema, name = ''): fc.Arbitrary<unknown> {
    return fc.oneof({ arbitrary: this.allowed(schema, name), weight: 25 }, { arbitrary: awkward, weight: 1 });
  }

  private allowed(schema: JsonSchema, name: string): fc.Arbitrary<unknown> {
    const meant = this.meantBy(schema);
    if (meant) return this.allowed(meant, name);
    if (schema.enum) return fc.constantFrom(...schema.enum);
    const kind = typeof schema.type === 'string' ? schema.type : schema.type?.[0];
    return (this.kinds[kind ?? ''] ?? this.text.bind(this))(schema, name);
  }

  private meantBy({ $ref, allOf }: JsonSchema): JsonSchema | undefined {
    return $ref === undefined ? allOf?.[0] : this.schemas[$ref.split('/').at(-1) ?? ''];
  }

  private text(schema: JsonSchema, name: string): fc.Arbitrary<string> {
    const known = PHONE_NAMES.test(name) ? PHONES : (this.meanings[name] ?? []);
    const any = textOf(schema);
    return known.length === 0 ? any : fc.oneof({ arbitrary: fc.constantFrom(...known), weight: 4 }, any);
  }

  private list({ items = {}, minItems = 0, maxItems = LONGEST_LIST }: JsonSchema, name: string): fc.Arbitrary<unknown> {
    const maxLength = Math.max(minItems, Math.min(maxItems, LONGEST_LIST));
    return fc.array(this.of(items, name), { minLength: minItems, maxLength });
  }

  /** With what it needs, and a few of what it may have: many of those exclude each other. */
  private object({ properties = {}, required = [] }: JsonSchema): fc.Arbitrary<unknown> {
    const values = Object.entries(properties).map(([name, schema]) => [name, this.of(schema, name)] as const);
    const optional = Object.keys(properties).filter((name) => !required.includes(name));
    const chosen = fc.shuffledSubarray(optional, { maxLength: Math.min(optional.length, MOST_OPTIONS) });
    return chosen.chain((names) =>
      fc.record(Object.fromEntries(values.filter(([name]) => required.includes(name) || names.includes(name)))),
    );
  }
}
