import { type Json } from '../base/json.js';
import { type Template } from '../state/template-store.js';
import { type World } from '../state/world.js';

/** What changes a template, and with it what its app is told. */
export interface TemplateChange {
  readonly event: string;
  /** Null when a template is deleted. */
  readonly reason?: string | null;
  /** Further members of the value, as `disable_info` or `other_info`. */
  readonly more?: Json;
}

/** The status that follows from an event, where it is not of the same name. */
const STATUS_AFTER: Readonly<Record<string, string>> = {
  REINSTATED: 'APPROVED',
  UNARCHIVED: 'APPROVED',
  FLAGGED: 'APPROVED',
  LOCKED: 'PAUSED',
};

const frame = ({ id, name, language }: Template): Json => ({
  message_template_id: Number(id),
  message_template_name: name,
  message_template_language: language,
});

const tell = ({ sender, clock }: World, { account }: Template, field: string, value: Json): void => {
  sender.tell({ account, field, value, seconds: clock.seconds() });
};

/** Field `message_template_status_update` (Webhooks, Reference). */
export const changeStatus = (world: World, template: Template, { event, reason, more }: TemplateChange): void => {
  template.status = STATUS_AFTER[event] ?? event;
  template.rejectedReason = event === 'REJECTED' ? (reason ?? 'INVALID_FORMAT') : 'NONE';
  tell(world, template, 'message_template_status_update', {
    event,
    ...frame(template),
    reason: reason === undefined ? 'NONE' : reason,
    message_template_category: template.category,
    ...more,
  });
};

/** Field `message_template_quality_update`. */
export const changeQuality = (world: World, template: Template, score: string): void => {
  const previous = template.qualityScore;
  template.qualityScore = score;
  tell(world, template, 'message_template_quality_update', {
    previous_quality_score: previous,
    new_quality_score: score,
    ...frame(template),
  });
};

/** Field `template_category_update`, after the change. */
export const changeCategory = (world: World, template: Template, category: string): void => {
  template.previousCategory = template.category;
  template.category = category;
  tell(world, template, 'template_category_update', {
    ...frame(template),
    previous_category: template.previousCategory,
    new_category: category,
  });
};

/** Approves it after a while, unless the control API is to decide. */
export const startReview = (world: World, template: Template): void => {
  const { templateReviewMs } = world.behaviour;
  if (templateReviewMs < 0) return;
  world.timers.after(templateReviewMs, () => {
    if (template.status === 'PENDING') changeStatus(world, template, { event: 'APPROVED' });
  });
};
