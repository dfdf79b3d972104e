import type { JsonRecord } from './untrusted-json.js';

export interface TemplateReference {
  /** As text: ids may be larger than a number holds. */
  readonly id: string | null;
  readonly name: string | null;
  readonly language: string | null;
  readonly category: string | null;
}

/** What Meta tells about an account, its numbers and its templates. Words of Meta stay as they are: they grow. */
export type AccountUpdate =
  | {
      readonly about: 'template-status';
      readonly template: TemplateReference;
      readonly status: string;
      readonly reason: string | null;
      readonly detail: string | null;
      readonly disableAt: Date | null;
    }
  | {
      readonly about: 'template-quality';
      readonly template: TemplateReference;
      readonly previous: string | null;
      readonly current: string;
    }
  | {
      readonly about: 'template-components';
      readonly template: TemplateReference;
      readonly header: string | null;
      readonly body: string | null;
      readonly footer: string | null;
      readonly buttons: readonly JsonRecord[];
    }
  | {
      readonly about: 'template-category';
      readonly template: TemplateReference;
      readonly previous: string | null;
      readonly current: string | null;
      /** What it will become if nobody objects. */
      readonly upcoming: string | null;
      readonly changesAt: Date | null;
    }
  | {
      readonly about: 'number-quality';
      readonly phone: string | null;
      readonly event: string;
      readonly limit: string | null;
    }
  | {
      readonly about: 'number-name';
      readonly phone: string | null;
      readonly decision: string;
      readonly name: string | null;
      readonly reason: string | null;
    }
  | {
      readonly about: 'number-username';
      readonly phone: string | null;
      readonly status: string;
      readonly username: string | null;
    }
  | {
      readonly about: 'number-security';
      readonly phone: string | null;
      readonly event: string;
      readonly requester: string | null;
    }
  | {
      readonly about: 'limits';
      /** People whom all numbers together may write to in a day without having been written to. */
      readonly dailyRecipients: number | 'unlimited' | null;
      readonly maxNumbers: number | null;
    }
  | {
      readonly about: 'account';
      readonly event: string;
      readonly phone: string | null;
      readonly banState: string | null;
      readonly violation: string | null;
      readonly restrictions: readonly { readonly type: string | null; readonly until: Date | null }[];
      readonly raw: JsonRecord;
    }
  | { readonly about: 'review'; readonly decision: string }
  | {
      readonly about: 'alert';
      readonly type: string | null;
      readonly severity: string | null;
      readonly status: string | null;
      readonly entityType: string | null;
      readonly entityId: string | null;
      readonly detail: string | null;
    };
