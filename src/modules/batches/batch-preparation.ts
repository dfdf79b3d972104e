import { setImmediate as breathe } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';

import { AppError } from '../../kernel/errors/app-error.js';
import { InvalidRequestError } from '../../platform/http/http.errors.js';
import type { Principal } from '../access/index.js';
import { MessagePreparation, type OnUncertain, type PreparedMessage } from '../messages/index.js';
import { SessionDirectory } from '../sessions/index.js';
import { type TemplateUse, Templates } from '../templates/index.js';
import type { Refusal } from './domain/batch.js';
import { type DistinctRecipient, type GivenRecipient, sortRecipients, type Variables } from './domain/recipients.js';

/** What is to be sent to many: a text as it is, or a template that is filled for each of them. */
export interface SendBatch {
  readonly sessionId: string;
  readonly recipients: readonly GivenRecipient[];
  readonly text?: string;
  /** Its variables are those of every recipient who brings none of the same name. */
  readonly template?: TemplateUse;
  readonly onUncertain: OnUncertain;
  readonly scheduledAt?: Date;
  readonly expiresAt?: Date;
  readonly priority?: number;
}

export interface PreparedRecipient {
  readonly place: number;
  readonly written: string;
  readonly message: PreparedMessage;
}

export interface PreparedBatch {
  readonly sessionId: string;
  readonly templateId: string | null;
  readonly given: number;
  readonly recipients: readonly PreparedRecipient[];
  readonly refusals: readonly Refusal[];
  readonly duplicates: readonly Refusal[];
}

/** What is wrong with one recipient alone; everything else is wrong with the whole request. */
const OF_ONE_RECIPIENT: ReadonlySet<string> = new Set([
  ...['invalid-phone-number', 'invalid-message-text', 'unsupported-by-engine'],
  ...['template-variables-invalid', 'template-text-invalid'],
]);

/** Recipients between two breaths: other requests are served meanwhile. */
const SET = 200;
const VIOLATIONS_AT_MOST = 20;

type TextFor = (variables: Variables) => string;

const requireOneKind = ({ text, template, recipients }: SendBatch): void => {
  if ((text === undefined) === (template === undefined)) {
    throw new InvalidRequestError([{ pointer: '#', detail: 'either a text or a template is needed' }]);
  }
  if (template !== undefined) return;
  const surplus = recipients.flatMap(({ variables }, index) => (variables === undefined ? [] : [index]));
  if (surplus.length === 0) return;
  throw new InvalidRequestError(
    surplus.slice(0, VIOLATIONS_AT_MOST).map((index) => ({
      pointer: `#/recipients/${String(index)}/variables`,
      detail: 'a text is sent as it is: only a template has variables',
    })),
  );
};

/** Says everything that can be said against a batch and its recipients before anything is stored. */
@Injectable()
export class BatchPreparation {
  constructor(
    private readonly sessions: SessionDirectory,
    private readonly templates: Templates,
    private readonly messages: MessagePreparation,
  ) {}

  async prepare(command: SendBatch, principal: Principal): Promise<PreparedBatch> {
    const { sessionId, recipients: given } = command;
    await this.sessions.require(sessionId, principal, ['text']);
    requireOneKind(command);
    const { templateId, textFor } = await this.contentOf(command, principal);
    const { distinct, invalid, duplicates } = sortRecipients(given);
    const recipients: PreparedRecipient[] = [];
    const refusals: Refusal[] = [...invalid];
    for (const [index, recipient] of distinct.entries()) {
      if (index % SET === 0) await breathe();
      const { place, written } = recipient;
      const outcome = await this.prepareOne(recipient, textFor, { command, principal });
      if ('code' in outcome) refusals.push({ place, recipient: written, ...outcome });
      else recipients.push({ place, written, message: outcome });
    }
    return { sessionId, templateId, given: given.length, recipients, refusals, duplicates };
  }

  private async contentOf(
    { sessionId, text = '', template: use }: SendBatch,
    principal: Principal,
  ): Promise<{ readonly templateId: string | null; readonly textFor: TextFor }> {
    if (use === undefined) return { templateId: null, textFor: () => text };
    const template = await this.templates.find(use, { principal, sessionId });
    const textFor: TextFor = (variables) => this.templates.fill(template, { ...use.variables, ...variables });
    return { templateId: template.id, textFor };
  }

  private async prepareOne(
    { to, variables }: DistinctRecipient,
    textFor: TextFor,
    { command, principal }: { readonly command: SendBatch; readonly principal: Principal },
  ): Promise<PreparedMessage | Pick<Refusal, 'code' | 'detail'>> {
    const { sessionId, onUncertain, scheduledAt, expiresAt, priority } = command;
    const when = {
      ...(scheduledAt !== undefined && { scheduledAt }),
      ...(expiresAt !== undefined && { expiresAt }),
      ...(priority !== undefined && { priority }),
    };
    try {
      const content = { type: 'text', text: textFor(variables) } as const;
      return await this.messages.prepare({ sessionId, to, content, onUncertain, ...when }, principal);
    } catch (error) {
      if (!(error instanceof AppError) || !OF_ONE_RECIPIENT.has(error.code)) throw error;
      return { code: error.code, detail: error.message };
    }
  }
}
