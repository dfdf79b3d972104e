/**
 * Texts with places, kept here and not at Meta. Owns the local templates; it fills them and sends nothing.
 */
export { type TemplateUse, Templates } from './templates.js';
export { TemplatesModule } from './templates.module.js';
