import type { JsonRecord } from './untrusted-json.js';

/** A file that Meta has already, or one that Meta fetches. */
export type CloudFile =
  { readonly mediaId: string; readonly fileName?: string } | { readonly link: string; readonly fileName?: string };

export type InteractiveHeader =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'image' | 'video' | 'document'; readonly file: CloudFile };

export interface ListRow {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
}

export interface ListSection {
  /** Needed when there is more than one section. */
  readonly title?: string;
  readonly rows: readonly ListRow[];
}

/** What all interactive messages have. */
interface InteractiveParts {
  readonly body: string;
  readonly footer?: string;
}

/** A button that opens a list of which one row is chosen. */
export interface ListContent extends InteractiveParts {
  readonly type: 'list';
  readonly header?: string;
  readonly button: string;
  readonly sections: readonly ListSection[];
}

/** Up to three buttons of which one is tapped. */
export interface ButtonsContent extends InteractiveParts {
  readonly type: 'buttons';
  readonly header?: InteractiveHeader;
  readonly buttons: readonly { readonly id: string; readonly title: string }[];
}

/** A button that opens a page. */
export interface CallToActionContent extends InteractiveParts {
  readonly type: 'cta-url';
  readonly header?: InteractiveHeader;
  readonly label: string;
  readonly url: string;
}

/** A button that opens a form. */
export interface FlowContent extends InteractiveParts {
  readonly type: 'flow';
  readonly header?: InteractiveHeader;
  readonly flow: { readonly id: string } | { readonly name: string };
  readonly label: string;
  /** Comes back with what was filled in. */
  readonly token?: string;
  /** A flow that is not published can be sent as a draft only. */
  readonly isDraft?: boolean;
  /** Where it begins; without it the endpoint of the flow is asked. */
  readonly start?: { readonly screen: string; readonly data?: JsonRecord };
}

/** One value of a template, as the Graph API writes it. */
export type TemplateParameter =
  | { readonly type: 'text'; readonly text: string; readonly parameter_name?: string }
  | {
      readonly type: 'currency';
      readonly currency: { readonly fallback_value: string; readonly code: string; readonly amount_1000: number };
      readonly parameter_name?: string;
    }
  | {
      readonly type: 'date_time';
      readonly date_time: { readonly fallback_value: string };
      readonly parameter_name?: string;
    }
  | { readonly type: 'image'; readonly image: GraphFile }
  | { readonly type: 'video'; readonly video: GraphFile }
  | { readonly type: 'document'; readonly document: GraphFile }
  | { readonly type: 'location'; readonly location: TemplateLocation }
  | {
      readonly type: 'product';
      readonly product: { readonly product_retailer_id: string; readonly catalog_id?: string };
    }
  | { readonly type: 'payload'; readonly payload: string }
  | { readonly type: 'coupon_code'; readonly coupon_code: string }
  | { readonly type: 'action'; readonly action: JsonRecord }
  | {
      readonly type: 'limited_time_offer';
      readonly limited_time_offer: { readonly expiration_time_ms: number };
    };

export type GraphFile = ({ readonly id: string } | { readonly link: string }) & { readonly filename?: string };

export interface TemplateLocation {
  readonly latitude: number;
  readonly longitude: number;
  readonly name: string;
  readonly address: string;
}

export const BUTTON_SUB_TYPES = ['quick_reply', 'url', 'copy_code', 'flow', 'catalog', 'mpm', 'order_details'] as const;

/** A part of a template that has values. Parts without any are left out. */
export type TemplateComponent =
  | {
      readonly type: 'header' | 'body' | 'limited_time_offer';
      readonly parameters: readonly TemplateParameter[];
    }
  | {
      readonly type: 'button';
      readonly sub_type: (typeof BUTTON_SUB_TYPES)[number];
      /** Which of the template's buttons, from 0. */
      readonly index: string;
      readonly parameters: readonly TemplateParameter[];
    }
  | {
      readonly type: 'carousel';
      readonly cards: readonly { readonly card_index: number; readonly components: readonly TemplateComponent[] }[];
    };

/** A message whose wording Meta has approved; the only thing that may be sent outside of the window. */
export interface TemplateContent {
  readonly type: 'template';
  readonly name: string;
  /** Exactly as it is approved: `en` is not `en_US`. */
  readonly language: string;
  readonly components: readonly TemplateComponent[];
}

export type InteractiveContent = ListContent | ButtonsContent | CallToActionContent | FlowContent;

/** What only the Cloud API can send, by its type. */
export type CloudContent = InteractiveContent | TemplateContent;
