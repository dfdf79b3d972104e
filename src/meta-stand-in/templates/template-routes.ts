import { type Json, numberOf, recordOf, recordsOf, textOf } from '../base/json.js';
import { GraphError, invalid, missing } from '../graph/graph-error.js';
import { bodyOf, type GraphRequest, requireScope } from '../graph/graph-request.js';
import { pickFields } from '../graph/fields.js';
import { pageOf } from '../graph/paging.js';
import { type Answer, answerJson } from '../http/exchange.js';
import { type Account } from '../state/directory.js';
import { type Template } from '../state/template-store.js';
import { checkCategory, checkComponents, checkLanguage, checkName, templateFault } from './definition.js';
import { wordOf } from './parts.js';
import { changeStatus, startReview } from './review.js';

const USUAL = ['name', 'parameter_format', 'components', 'language', 'status', 'category', 'previous_category'];
const EXISTS = 2388024;
const NAME_BLOCKED = 2388023;
const LIMIT = 2388019;
const MAX_TEMPLATES = 6000;
const DAY_MS = 86_400_000;
const EDITABLE = ['APPROVED', 'REJECTED', 'PAUSED'];
const MAX_EDITS = 10;
const EDIT_SPAN_DAYS = 30;
const ID_DIGITS = 16;
const MAX_IDS = 100;

const describe = (template: Template): Json => ({
  id: template.id,
  name: template.name,
  parameter_format: template.parameterFormat,
  components: template.components,
  language: template.language,
  status: template.status,
  category: template.category,
  previous_category: template.previousCategory,
  rejected_reason: template.rejectedReason,
  quality_score: { score: template.qualityScore },
  message_send_ttl_seconds: template.ttlSeconds,
});

/** `GET /{waba-id}/message_templates` ("Template management"). */
export const listTemplates = (request: GraphRequest, account: Account): Answer => {
  const { query } = request.call;
  const matches = (name: string, value: string): boolean => {
    const wanted = query.get(name);
    return wanted === null || wanted.toUpperCase() === value.toUpperCase();
  };
  const found = request.world.templates
    .of(account)
    .filter(
      ({ status, language, category }) =>
        matches('status', status) && matches('language', language) && matches('category', category),
    )
    .filter(({ name }) => name.includes(query.get('name') ?? ''));
  return answerJson(
    pageOf(request, found, (template) => pickFields(request, describe(template), USUAL, 'MessageTemplate')),
  );
};

export const readTemplate = (request: GraphRequest, template: Template): Answer =>
  answerJson(pickFields(request, describe(template), USUAL, 'MessageTemplate'));

/** `POST /{waba-id}/message_templates`: pending until it is reviewed. */
export const createTemplate = (request: GraphRequest, account: Account): Answer => {
  requireScope(request, 'management');
  const { world } = request;
  const body = bodyOf(request);
  const [name, language, category] = [checkName(body), checkLanguage(body), checkCategory(body)];
  const components = recordsOf(body['components']);
  checkComponents(components, category);
  if (world.templates.find(account, name, language) !== undefined) {
    throw templateFault(EXISTS, 'Content exists', `There is already ${language} content for this template.`);
  }
  if (world.templates.isNameBlocked(account, name)) {
    throw templateFault(NAME_BLOCKED, 'Name was deleted', 'This name can be used again in 4 weeks.');
  }
  if (world.templates.of(account).length >= MAX_TEMPLATES) {
    throw templateFault(LIMIT, 'Too many templates', 'The account has as many templates as it may have.');
  }
  const template: Template = {
    id: world.random.digits(ID_DIGITS),
    account,
    name,
    language,
    parameterFormat: wordOf(body['parameter_format']) === 'NAMED' ? 'NAMED' : 'POSITIONAL',
    category,
    previousCategory: undefined,
    status: 'PENDING',
    components,
    rejectedReason: 'NONE',
    qualityScore: 'UNKNOWN',
    ttlSeconds: numberOf(body['message_send_ttl_seconds']),
    editsMs: [],
  };
  world.templates.add(template);
  startReview(world, template);
  return answerJson({ id: template.id, status: template.status, category });
};

/** `POST /{template-id}`: once a day and ten times in 30 days once it is approved. */
export const editTemplate = (request: GraphRequest, template: Template): Answer => {
  requireScope(request, 'management');
  const { world } = request;
  const body = bodyOf(request);
  requireEditable(template, world.clock.nowMs());
  if (body['category'] !== undefined && template.status === 'APPROVED') {
    throw invalid('The category of an approved template cannot be changed.');
  }
  const category = body['category'] === undefined ? template.category : checkCategory(body);
  if (body['components'] !== undefined) {
    const components = recordsOf(body['components']);
    checkComponents(components, category);
    template.components = components;
  }
  template.category = category;
  template.ttlSeconds = numberOf(body['message_send_ttl_seconds']) ?? template.ttlSeconds;
  template.editsMs.push(world.clock.nowMs());
  template.status = 'PENDING';
  startReview(world, template);
  return answerJson({ success: true });
};

const requireEditable = ({ status, editsMs }: Template, nowMs: number): void => {
  if (!EDITABLE.includes(status)) throw invalid(`A template that is ${status} cannot be edited.`);
  if (status !== 'APPROVED') return;
  const within = (days: number): number => editsMs.filter((at) => nowMs - at < days * DAY_MS).length;
  if (within(1) > 0 || within(EDIT_SPAN_DAYS) >= MAX_EDITS) throw invalid('The template was edited too often.');
};

/** `DELETE /{waba-id}/message_templates`: by name in all languages, or by ids. */
export const deleteTemplates = (request: GraphRequest, account: Account): Answer => {
  requireScope(request, 'management');
  const { world } = request;
  const found = chosen(request, account);
  if (found.length === 0) {
    throw templateFault(2593002, 'Template not found', 'No message template was found.');
  }
  for (const template of found) {
    world.templates.delete(template);
    changeStatus(world, template, { event: 'PENDING_DELETION', reason: null });
  }
  return answerJson({ success: true });
};

const chosen = (request: GraphRequest, account: Account): Template[] => {
  const { query } = request.call;
  const templates = request.world.templates.of(account);
  const [name, id] = [query.get('name'), query.get('hsm_id')];
  const ids: readonly string[] = query.get('hsm_ids')?.match(/\d+/g) ?? [];
  if (ids.length > MAX_IDS) throw invalid('hsm_ids must not have more than 100 elements');
  if (ids.length > 0) return templates.filter((template) => ids.includes(template.id));
  if (name === null) throw missing('name');
  return templates.filter((template) => template.name === name && (id === null || template.id === id));
};

/** The template that a message names, in this very language, and fit to be sent. */
export const findForSending = (request: GraphRequest, account: Account, content: Json): Template => {
  const name = textOf(content['name']) ?? '';
  const language = textOf(recordOf(content['language'])['code']) ?? '';
  const template = request.world.templates.find(account, name, language);
  if (template?.status === 'PAUSED') throw new GraphError({ code: 132015, details: 'The template is paused.' });
  if (template?.status === 'DISABLED') throw new GraphError({ code: 132016, details: 'The template is disabled.' });
  if (template?.status !== 'APPROVED') {
    throw new GraphError({ code: 132001, details: `template name (${name}) does not exist in ${language}` });
  }
  return template;
};
