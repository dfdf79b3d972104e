import type { AccountUpdate, TemplateReference } from './account-update.js';
import { requireText } from './malformed-update.js';
import { type JsonRecord, recordAt, recordsAt, textAt } from './untrusted-json.js';
import { dateAt } from './update-time.js';

const templateOf = (value: JsonRecord): TemplateReference => ({
  id: textAt(value, 'message_template_id'),
  name: textAt(value, 'message_template_name'),
  language: textAt(value, 'message_template_language'),
  category: textAt(value, 'message_template_category'),
});

const joined = (...texts: readonly (string | null)[]): string | null => {
  const told = texts.filter((text) => text !== null);
  return told.length === 0 ? null : told.join(': ');
};

export const readTemplateQuality = (value: JsonRecord): AccountUpdate => ({
  about: 'template-quality',
  template: templateOf(value),
  previous: textAt(value, 'previous_quality_score'),
  current: requireText(value, 'new_quality_score'),
});

export const readTemplateStatus = (value: JsonRecord): AccountUpdate => {
  // Meta's own sample of a change of quality has the name of this field.
  if (textAt(value, 'event') === null && textAt(value, 'new_quality_score') !== null) return readTemplateQuality(value);
  const [other, rejection] = [recordAt(value, 'other_info'), recordAt(value, 'rejection_info')];
  const reason = textAt(value, 'reason');
  return {
    about: 'template-status',
    template: templateOf(value),
    status: requireText(value, 'event'),
    reason: reason === 'NONE' ? null : reason,
    detail:
      joined(textAt(other, 'title'), textAt(other, 'description')) ??
      joined(textAt(rejection, 'reason'), textAt(rejection, 'recommendation')),
    disableAt: dateAt(recordAt(value, 'disable_info'), 'disable_date'),
  };
};

export const readTemplateComponents = (value: JsonRecord): AccountUpdate => ({
  about: 'template-components',
  template: templateOf(value),
  header: textAt(value, 'message_template_title'),
  body: textAt(value, 'message_template_element'),
  footer: textAt(value, 'message_template_footer'),
  buttons: recordsAt(value, 'message_template_buttons'),
});

/** "template_category_update": `correct_category` announces a change, `previous_category` tells of one that was made. */
export const readTemplateCategory = (value: JsonRecord): AccountUpdate => ({
  about: 'template-category',
  template: templateOf(value),
  previous: textAt(value, 'previous_category'),
  current: textAt(value, 'new_category'),
  upcoming: textAt(value, 'correct_category'),
  changesAt: dateAt(value, 'category_update_timestamp'),
});
