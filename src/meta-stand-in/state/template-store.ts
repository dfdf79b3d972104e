import { type Json } from '../base/json.js';
import { BoundedMap } from '../base/bounded-map.js';
import { type Account } from './directory.js';

export interface Template {
  readonly id: string;
  readonly account: Account;
  readonly name: string;
  readonly language: string;
  readonly parameterFormat: 'POSITIONAL' | 'NAMED';
  category: string;
  previousCategory: string | undefined;
  status: string;
  components: readonly Json[];
  rejectedReason: string;
  qualityScore: string;
  ttlSeconds: number | undefined;
  readonly editsMs: number[];
}

const BLOCKED_MS = 30 * 86_400_000;

const nameKey = (account: Account, name: string): string => `${account.id} ${name}`;

/** Message templates; a name that was deleted cannot be used again for 30 days ("Template management"). */
export class TemplateStore {
  private readonly templates: BoundedMap<Template>;
  private readonly deletedMs: BoundedMap<number>;

  constructor(
    limit: number,
    private readonly nowMs: () => number,
  ) {
    this.templates = new BoundedMap(limit);
    this.deletedMs = new BoundedMap(limit);
  }

  add(template: Template): void {
    this.templates.set(template.id, template);
  }

  get(id: string): Template | undefined {
    return this.templates.get(id);
  }

  /** Newest first, as Meta lists them. */
  of(account: Account): Template[] {
    return this.templates
      .values()
      .filter((template) => template.account === account)
      .reverse();
  }

  all(): Template[] {
    return this.templates.values();
  }

  find(account: Account, name: string, language: string): Template | undefined {
    return this.of(account).find((template) => template.name === name && template.language === language);
  }

  delete({ id, account, name }: Template): void {
    this.templates.delete(id);
    this.deletedMs.set(nameKey(account, name), this.nowMs());
  }

  isNameBlocked(account: Account, name: string): boolean {
    const deleted = this.deletedMs.get(nameKey(account, name));
    return deleted !== undefined && this.nowMs() - deleted < BLOCKED_MS;
  }

  clear(): void {
    this.templates.clear();
    this.deletedMs.clear();
  }
}
