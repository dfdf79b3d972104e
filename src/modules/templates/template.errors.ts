import { AppError } from '../../kernel/errors/app-error.js';
import type { VariableTroubles } from './domain/places.js';

export class TemplateNotFoundError extends AppError {
  readonly code = 'template-not-found';
  readonly kind = 'not-found';

  constructor(template: string) {
    super('There is no such template.', { extensions: { template } });
  }
}

export class TemplateExistsError extends AppError {
  readonly code = 'template-exists';
  readonly kind = 'conflict';

  constructor(name: string, language: string) {
    super(`There is a template "${name}" in ${language} already.`, { extensions: { name, language } });
  }
}

/** Names every variable that is missing and every one that is too many. */
export class TemplateVariablesError extends AppError {
  readonly code = 'template-variables-invalid';
  readonly kind = 'unsupported';

  constructor({ missing, superfluous }: VariableTroubles) {
    const parts = [
      ...(missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
      ...(superfluous.length > 0 ? [`superfluous: ${superfluous.join(', ')}`] : []),
    ];
    super(`The variables do not fit the template (${parts.join('; ')}).`, { extensions: { missing, superfluous } });
  }
}

export class TemplateTextError extends AppError {
  readonly code = 'template-text-invalid';
  readonly kind = 'unsupported';

  constructor(maxLength: number) {
    super(`Filled in, the template is empty or longer than ${String(maxLength)} characters.`);
  }
}
