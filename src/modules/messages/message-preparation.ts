import { Injectable } from '@nestjs/common';

import { parseRecipient, type Recipient, isGroupAddress } from '../../kernel/recipient.js';
import { canSee, type Principal, visibleSessions } from '../access/index.js';
import type { EngineCapability } from '../engines/index.js';
import { Pacer } from '../limits/index.js';
import { type Session, SessionDirectory } from '../sessions/index.js';
import type { Message, OnUncertain } from './domain/message.js';
import { type MessageContent, MEDIA_MESSAGE_TYPES, type MediaMessageType } from './domain/message-content.js';
import { isMessageText, MAX_CAPTION_LENGTH, MAX_TEXT_LENGTH } from './domain/message-text.js';
import { findTargetTrouble } from './domain/message-target.js';
import {
  InvalidMessageTextError,
  InvalidRecipientError,
  MessageNotFoundError,
  MessageTimesError,
  TargetUnsuitableError,
} from './message.errors.js';
import { MessageRepository } from './message.repository.js';

export interface SendMessage {
  readonly sessionId: string;
  readonly to: string;
  readonly content: MessageContent;
  readonly onUncertain: OnUncertain;
  /** Id of the message that this one answers. */
  readonly replyTo?: string;
  readonly scheduledAt?: Date;
  readonly expiresAt?: Date;
  /** Higher ones leave first; what goes to one recipient keeps its order. */
  readonly priority?: number;
}

/** A message that may be accepted, with what was found out about it. */
export interface PreparedMessage {
  readonly command: SendMessage;
  readonly session: Session;
  readonly to: Recipient;
  /** The pause that pacing puts before it, in milliseconds. */
  readonly delayMs: number;
}

const TEXT_LIMIT: Readonly<Partial<Record<MessageContent['type'], number>>> = {
  text: MAX_TEXT_LENGTH,
  edit: MAX_TEXT_LENGTH,
};

const isMedia = (type: string): type is MediaMessageType => (MEDIA_MESSAGE_TYPES as readonly string[]).includes(type);

const capabilitiesOf = ({ content, replyTo, to }: SendMessage): readonly EngineCapability[] => {
  const needed: EngineCapability[] = [content.type];
  if (replyTo !== undefined) needed.push('reply');
  if (isGroupAddress(to)) needed.push('groups');
  if (content.type === 'text' && content.mentions !== undefined) needed.push('mentions');
  if (content.type === 'text' && content.linkPreview === true) needed.push('link-preview');
  return needed;
};

const targetOf = ({ content, replyTo }: SendMessage): string | undefined =>
  'targetId' in content ? content.targetId : replyTo;

/** Says everything that can be said against a message before it is stored. */
@Injectable()
export class MessagePreparation {
  constructor(
    private readonly sessions: SessionDirectory,
    private readonly messages: MessageRepository,
    private readonly pacer: Pacer,
  ) {}

  async prepare(command: SendMessage, principal: Principal): Promise<PreparedMessage> {
    const to = parseRecipient(command.to);
    if (to === null) throw new InvalidRecipientError();
    this.requireText(command.content);
    this.requireTimes(command);
    const session = await this.sessions.require(command.sessionId, principal, capabilitiesOf(command));
    const targetId = targetOf(command);
    if (targetId !== undefined) await this.requireTarget(command, targetId, principal);
    return { command, session, to, delayMs: this.pacer.draw(session) };
  }

  /** Services come here without the checks of a request, and one bad text would spoil the batch of everybody. */
  private requireText(content: MessageContent): void {
    const text = 'text' in content ? content.text : 'caption' in content ? content.caption : undefined;
    if (text === undefined) return;
    const limit = isMedia(content.type) ? MAX_CAPTION_LENGTH : (TEXT_LIMIT[content.type] ?? MAX_TEXT_LENGTH);
    if (!isMessageText(text, limit)) throw new InvalidMessageTextError(limit);
  }

  private requireTimes({ scheduledAt, expiresAt }: SendMessage): void {
    if (expiresAt === undefined) return;
    const leavesAt = Math.max(Date.now(), scheduledAt?.getTime() ?? 0);
    if (expiresAt.getTime() <= leavesAt) throw new MessageTimesError();
  }

  private async requireTarget(command: SendMessage, targetId: string, principal: Principal): Promise<Message> {
    const target = await this.messages.findById(visibleSessions(principal), targetId);
    if (target === null || !canSee(principal, target.sessionId)) throw new MessageNotFoundError(targetId);
    const trouble = findTargetTrouble(command.content.type, target, command);
    if (trouble !== null) throw new TargetUnsuitableError(targetId, trouble);
    return target;
  }
}
