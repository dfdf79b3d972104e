import type { CloudFile, GraphFile, TemplateComponent, TemplateLocation, TemplateParameter } from './cloud-content.js';
import { type ContentFault, unless } from './content-fault.js';
import { graphFile } from './interactive-body.js';
import { CODE_CHARACTERS, fillButton } from './template-buttons.js';
import type { HeaderPart, TemplateDefinition, TemplateParts } from './template-definition.js';
import { type Filled, fillText, missing, superfluous, type TextValues, wrongKind } from './template-values.js';

export type HeaderValue =
  | { readonly text: TextValues }
  | { readonly file: CloudFile }
  | { readonly location: TemplateLocation }
  | { readonly product: { readonly productId: string; readonly catalogId?: string } };

/** What is put into a template. */
export interface TemplateVariables {
  readonly header?: HeaderValue;
  readonly body?: TextValues;
  /** By the number of the button, from 0: a text, or an object where the button needs one. */
  readonly buttons?: Readonly<Record<string, unknown>>;
  readonly offerExpiresAt?: Date;
  readonly cards?: readonly TemplateVariables[];
}

export type FilledTemplate =
  | { readonly kind: 'filled'; readonly components: readonly TemplateComponent[] }
  | { readonly kind: 'refused'; readonly faults: readonly ContentFault[] };

/** A part of the template, and what is the same for all of its parts. */
interface Scope {
  readonly template: TemplateDefinition;
  readonly parts: TemplateParts;
  /** A JSON pointer to the variables; empty for the template itself. */
  readonly place: string;
}

interface FilledParts {
  readonly components: readonly TemplateComponent[];
  readonly faults: readonly ContentFault[];
}

const NOTHING: FilledParts = { components: [], faults: [] };

const partOf = (
  type: 'header' | 'body' | 'limited_time_offer',
  { parameters, faults }: Filled<TemplateParameter>,
): FilledParts => ({ components: parameters.length === 0 ? [] : [{ type, parameters }], faults });

const HEADER_NEEDS: Readonly<Record<HeaderPart['format'], string>> = {
  text: 'values of its text',
  image: 'an image',
  video: 'a video',
  document: 'a document',
  location: 'a location',
  product: 'a product',
  other: 'something that is not known yet',
};

type ReadHeader = (value: HeaderValue) => TemplateParameter | null;

const ofFile =
  (parameterOf: (file: GraphFile) => TemplateParameter): ReadHeader =>
  (value) =>
    'file' in value ? parameterOf(graphFile(value.file)) : null;

const productHeader: ReadHeader = (value) => {
  if (!('product' in value)) return null;
  const { productId, catalogId } = value.product;
  const catalog = catalogId === undefined ? {} : { catalog_id: catalogId };
  return { type: 'product', product: { product_retailer_id: productId, ...catalog } };
};

/** What is given, as the header of a format; null when it is of another kind. */
const HEADERS: Readonly<Record<Exclude<HeaderPart['format'], 'text'>, ReadHeader>> = {
  image: ofFile((image) => ({ type: 'image', image })),
  video: ofFile((video) => ({ type: 'video', video })),
  document: ofFile((document) => ({ type: 'document', document })),
  location: (value) => ('location' in value ? { type: 'location', location: value.location } : null),
  product: productHeader,
  other: () => null,
};

const fillTextHeader = (
  placeholders: readonly string[],
  { template, place }: Scope,
  value: HeaderValue | undefined,
): FilledParts => {
  const at = `${place}/header`;
  if (value !== undefined && !('text' in value)) return { ...NOTHING, faults: wrongKind(at, HEADER_NEEDS.text) };
  if (value !== undefined && placeholders.length === 0) return { ...NOTHING, faults: superfluous(at) };
  return partOf('header', fillText({ place: at, placeholders, format: template.format }, value?.text));
};

const fillHeader = (scope: Scope, value: HeaderValue | undefined): FilledParts => {
  const { header } = scope.parts;
  const at = `${scope.place}/header`;
  if (header === null) return value === undefined ? NOTHING : { ...NOTHING, faults: superfluous(at) };
  if (header.format === 'text') return fillTextHeader(header.placeholders, scope, value);
  if (value === undefined) return { ...NOTHING, faults: missing(at, HEADER_NEEDS[header.format]) };
  const parameter = HEADERS[header.format](value);
  if (parameter === null) return { ...NOTHING, faults: wrongKind(at, HEADER_NEEDS[header.format]) };
  return partOf('header', { parameters: [parameter], faults: [] });
};

const isAuthentication = ({ category }: TemplateDefinition): boolean => category === 'AUTHENTICATION';

const fillBody = ({ template, parts, place }: Scope, values: TextValues | undefined): FilledParts => {
  const at = `${place}/body`;
  const bounds = isAuthentication(template) ? { maxCharacters: CODE_CHARACTERS } : {};
  return partOf('body', fillText({ place: at, placeholders: parts.body, format: template.format, ...bounds }, values));
};

const fillOffer = ({ parts, place }: Scope, expiresAt: Date | undefined): FilledParts => {
  const at = `${place}/offerExpiresAt`;
  if (!parts.hasExpiry) return expiresAt === undefined ? NOTHING : { ...NOTHING, faults: superfluous(at) };
  if (expiresAt === undefined) return { ...NOTHING, faults: missing(at, 'the end of its offer') };
  const parameter = {
    type: 'limited_time_offer',
    limited_time_offer: { expiration_time_ms: expiresAt.getTime() },
  } as const;
  return partOf('limited_time_offer', { parameters: [parameter], faults: [] });
};

/** The code of an authentication template stands in its text and on its button; it is given once. */
const codeOf = (scope: Scope, values: TextValues | undefined): unknown =>
  isAuthentication(scope.template) ? Object.values(values ?? {})[0] : undefined;

const fillButtons = (scope: Scope, variables: TemplateVariables): readonly FilledParts[] => {
  const { buttons: kinds } = scope.parts;
  const given = new Map(Object.entries(variables.buttons ?? {}));
  const code = codeOf(scope, variables.body);
  const filled = kinds.map((kind, index) => {
    const value = given.get(String(index)) ?? (kind === 'code' ? code : undefined);
    return fillButton(kind, index, value, `${scope.place}/buttons/${String(index)}`);
  });
  const surplus = [...given.keys()].filter((index) => !kinds.some((_, known) => String(known) === index));
  return [
    ...filled.map(({ component, faults }) => ({ components: component === null ? [] : [component], faults })),
    { ...NOTHING, faults: surplus.flatMap((index) => superfluous(`${scope.place}/buttons/${index}`)) },
  ];
};

/** "Media card carousel templates": as many cards as are approved, each with the parts that are approved. */
const fillCards = ({ template, parts, place }: Scope, given: readonly TemplateVariables[] = []): FilledParts => {
  const at = `${place}/cards`;
  const { length } = parts.cards;
  if (length === 0) return { ...NOTHING, faults: given.length === 0 ? [] : superfluous(at) };
  const count = `has ${String(given.length)} cards; the template has ${String(length)}.`;
  const counted = unless(given.length === length, at, given.length < length ? 'missing' : 'superfluous', count);
  if (counted.length > 0) return { ...NOTHING, faults: counted };
  const filled = parts.cards.map((card, index) =>
    fillParts({ template, parts: card, place: `${at}/${String(index)}` }, given[index] ?? {}),
  );
  const cards = filled.map(({ components }, index) => ({ card_index: index, components }));
  return { components: [{ type: 'carousel', cards }], faults: filled.flatMap(({ faults }) => faults) };
};

const fillParts = (scope: Scope, variables: TemplateVariables): FilledParts => {
  const all = [
    fillHeader(scope, variables.header),
    fillOffer(scope, variables.offerExpiresAt),
    fillBody(scope, variables.body),
    ...fillButtons(scope, variables),
    fillCards(scope, variables.cards),
  ];
  return { components: all.flatMap(({ components }) => components), faults: all.flatMap(({ faults }) => faults) };
};

/**
 * The values of a template, as the components of a message; or everything that is missing, superfluous or of the wrong
 * kind, each with its place in the variables.
 */
export const fillTemplate = (template: TemplateDefinition, variables: TemplateVariables): FilledTemplate => {
  const { components, faults } = fillParts({ template, parts: template, place: '' }, variables);
  return faults.length > 0 ? { kind: 'refused', faults } : { kind: 'filled', components };
};
