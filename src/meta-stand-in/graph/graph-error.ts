import { type Json, present } from '../base/json.js';
import { describeCode } from './error-catalogue.js';

export interface GraphFault {
  readonly code: number;
  readonly details?: string | undefined;
  /** Instead of `(#code) title`. */
  readonly message?: string | undefined;
  readonly status?: number | undefined;
  readonly subcode?: number | undefined;
  readonly type?: string | undefined;
  readonly isTransient?: boolean | undefined;
  readonly userTitle?: string | undefined;
  readonly userMessage?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A refusal in the envelope of the Graph API (Graph API, "Handle errors"; Cloud API, "Error codes"). */
export class GraphError extends Error {
  readonly status: number;

  constructor(readonly fault: GraphFault) {
    const { status, title } = describeCode(fault.code);
    super(fault.message ?? `(#${String(fault.code)}) ${title}`);
    this.status = fault.status ?? status;
  }

  body(traceId: string): Json {
    const { code, details, subcode, type = 'OAuthException', isTransient, userTitle, userMessage } = this.fault;
    return {
      error: present({
        message: this.message,
        type,
        code,
        error_data: details === undefined ? undefined : { messaging_product: 'whatsapp', details },
        error_subcode: subcode,
        is_transient: isTransient,
        error_user_title: userTitle,
        error_user_msg: userMessage,
        fbtrace_id: traceId,
      }),
    };
  }
}

/** The same in a failed status or in a message: title and text are equal there ("Webhooks, messages, status"). */
export const webhookErrorOf = (code: number, details?: string): Json => {
  const { title } = describeCode(code);
  return {
    code,
    title,
    message: title,
    error_data: { details: details ?? title },
  };
};

export const missing = (parameter: string): GraphError =>
  new GraphError({ code: 100, message: `(#100) The parameter ${parameter} is required.` });

export const invalid = (details: string): GraphError => new GraphError({ code: 100, details });

export const badValue = (details: string): GraphError => new GraphError({ code: 131009, details });

export const missingValue = (details: string): GraphError => new GraphError({ code: 131008, details });

/** An object that is not there and one that the token may not see look the same. */
export const unknownObject = (method: string, id: string): GraphError =>
  new GraphError({
    code: 100,
    subcode: 33,
    type: 'GraphMethodException',
    message:
      `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to ` +
      'missing permissions, or does not support this operation. Please read the Graph API documentation at ' +
      'https://developers.facebook.com/docs/graph-api',
  });
