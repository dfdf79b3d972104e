import type { Page } from '../../../kernel/page.js';
import { findPlaces } from '../domain/places.js';
import type { Template } from '../domain/template.js';

export class TemplateResponse {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  readonly body: string;
  /** The names of the places, in the order in which they come. */
  readonly variables: string[];
  /** null: of every session. */
  readonly sessionId: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;

  private constructor(template: Template) {
    this.id = template.id;
    this.name = template.name;
    this.language = template.language;
    this.body = template.body;
    this.variables = [...findPlaces(template.body)];
    this.sessionId = template.sessionId;
    this.createdAt = template.createdAt.toISOString();
    this.updatedAt = template.updatedAt.toISOString();
  }

  static from(template: Template): TemplateResponse {
    return new TemplateResponse(template);
  }
}

export class TemplatePageResponse {
  readonly data: TemplateResponse[];
  /** Hand it back for the next page; null at the end. */
  readonly nextCursor: string | null;

  private constructor({ data, nextCursor }: Page<Template>) {
    this.data = data.map((template) => TemplateResponse.from(template));
    this.nextCursor = nextCursor;
  }

  static from(page: Page<Template>): TemplatePageResponse {
    return new TemplatePageResponse(page);
  }
}

export class PreviewResponse {
  readonly text: string;

  private constructor(text: string) {
    this.text = text;
  }

  static from(text: string): PreviewResponse {
    return new PreviewResponse(text);
  }
}
